import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSet } from './check-set.ts'
import type { Entry, Outcome, SetOperation } from './history.ts'

type E = Entry<SetOperation>
const add = (element: string, from: number, to: number, outcome: Outcome = 'ok', node = 'a'): E => ({
  kind: 'add',
  element,
  node,
  from,
  to,
  outcome,
})
const read = (elements: string[], from: number, to: number, node = 'a'): E => ({
  kind: 'read',
  elements,
  node,
  from,
  to,
  outcome: 'ok',
})

describe('a history of a set', () => {
  test('in which every acknowledged element is in the last reads is good', () => {
    const verdict = checkSet([add('x', 0, 1), read(['x'], 2, 3), read(['x'], 2, 3, 'b')])
    expect(verdict).toMatchObject({ verdict: 'good', lost: [], stale: [], phantom: [], doubled: [] })
  })

  test('that misses an acknowledged element on one node at the end has lost it', () => {
    expect(checkSet([add('x', 0, 1), read(['x'], 2, 3), read([], 2, 3, 'b')])).toMatchObject({
      verdict: 'bad',
      lost: ['x'],
    })
  })

  test('in which an element was there and is gone at the end has lost it', () => {
    expect(checkSet([add('x', 0, 1), read(['x'], 2, 3), read([], 4, 5)])).toMatchObject({ lost: ['x'] })
  })

  test('in which a node learns of an element late is stale for that time, and not bad', () => {
    const verdict = checkSet([
      add('x', 0, 10),
      read(['x'], 20, 30),
      read([], 50, 60, 'b'),
      read(['x'], 70, 80, 'b'),
    ])
    expect(verdict).toMatchObject({ verdict: 'good', stale: ['x'], lost: [] })
    expect(verdict.stability).toMatchObject({ count: 1, max: 50 })
  })

  test('with an element that nobody added has a phantom', () => {
    expect(checkSet([add('x', 0, 1), read(['x', 'y'], 2, 3)])).toMatchObject({
      verdict: 'bad',
      phantom: ['y'],
    })
  })

  test('with an element whose add is known to have failed has a phantom', () => {
    expect(checkSet([add('x', 0, 1, 'failed'), read(['x'], 2, 3)])).toMatchObject({ phantom: ['x'] })
  })

  test('with an element that was seen before anybody began to add it has a phantom', () => {
    expect(checkSet([read(['x'], 0, 1), add('x', 2, 3), read(['x'], 4, 5)])).toMatchObject({ phantom: ['x'] })
  })

  test('with an element twice in one read has doubled it', () => {
    expect(checkSet([add('x', 0, 1), read(['x', 'x', 'x'], 2, 3)])).toMatchObject({
      verdict: 'bad',
      doubled: ['x'],
    })
  })

  test('in which an answer got lost may have the element or not', () => {
    expect(checkSet([add('w', 0, 1), add('x', 0, 1, 'unknown'), read(['w'], 2, 3)]).verdict).toBe('good')
    expect(checkSet([add('x', 0, 1, 'unknown'), read(['x'], 2, 3)])).toMatchObject({ recovered: ['x'] })
  })

  test('a read that began before the acknowledgement says nothing', () => {
    expect(checkSet([read([], 0, 5), add('x', 1, 4)])).toMatchObject({ lost: [], stale: [] })
  })

  test('without an acknowledged element or a read there is nothing to judge', () => {
    expect(checkSet([]).verdict).toBe('nothing to judge')
    expect(checkSet([add('x', 0, 1)]).verdict).toBe('nothing to judge')
  })

  test('of a correct set is never bad, and taking any element out of a last read makes it so', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (elements, which) => {
          const adds = elements.map((element, index) => add(element, index, index + 1))
          expect(checkSet([...adds, read(elements, 50, 51)]).verdict).toBe('good')
          const gone = elements[which % elements.length]
          const rest = elements.filter((element) => element !== gone)
          expect(checkSet([...adds, read(rest, 50, 51)]).lost).toEqual([gone])
        },
      ),
    )
  })
})
