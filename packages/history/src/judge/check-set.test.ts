import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSet } from './check-set.ts'
import type { Entry, Outcome, SetOperation } from '../history.ts'

type E = Entry<SetOperation>
const add = (element: string, from: number, to: number, outcome: Outcome = 'ok', node = 'a'): E => ({
  kind: 'add',
  element,
  node,
  from,
  to,
  outcome,
})
const noRead = (from: number, to: number, node = 'a'): E => ({
  ...read([], from, to, node),
  outcome: 'unknown',
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
    expect(verdict.stability).toMatchObject({ count: 1, max: 40 })
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

  test('without an acknowledged element or a read is not known to be good', () => {
    expect(checkSet([]).verdict).toBe('unknown')
    expect(checkSet([add('x', 0, 1)])).toMatchObject({ verdict: 'unknown', neverRead: ['x'] })
    expect(checkSet([add('x', 0, 1, 'failed'), read([], 2, 3)]).verdict).toBe('unknown')
  })

  test('with an element acknowledged after the last read began is not known to be good, and says which', () => {
    expect(checkSet([add('x', 0, 1), read(['x'], 2, 3), add('y', 4, 5)])).toMatchObject({
      verdict: 'unknown',
      neverRead: ['y'],
      stability: { count: 1 },
    })
    expect(checkSet([add('x', 1, 4), read(['x'], 2, 6)])).toMatchObject({
      verdict: 'unknown',
      neverRead: ['x'],
    })
  })

  test('whose last reads all fail is not known to be good, whatever was read before', () => {
    expect(checkSet([add('x', 0, 1), read(['x'], 2, 3), noRead(4, 5), noRead(4, 5, 'b')])).toMatchObject({
      verdict: 'unknown',
      unread: ['a', 'b'],
      lost: [],
    })
    expect(checkSet([add('x', 0, 1), noRead(4, 5)])).toMatchObject({ verdict: 'unknown', neverRead: ['x'] })
  })

  test('of a node that died in the middle says nothing about what the others have at the end', () => {
    const history = [add('x', 0, 1), read([], 2, 3, 'b'), add('y', 4, 5), read(['x', 'y'], 6, 7)]
    expect(checkSet(history)).toMatchObject({ verdict: 'good', lost: [], stale: ['x'], unread: ['b'] })
  })

  test('of a node that lagged when all was quiet and then died is stale, for as long as others were read later', () => {
    const lagging = [add('x', 0, 1), read([], 2, 3, 'b'), noRead(8, 9, 'b')]
    expect(checkSet([...lagging, read(['x'], 8, 9)])).toMatchObject({
      verdict: 'good',
      stale: ['x'],
      unread: ['b'],
    })
    expect(checkSet([...lagging, read(['x'], 1.5, 9)])).toMatchObject({ verdict: 'bad', lost: ['x'] })
  })

  test('in which an add without an answer is tried again may show it from the first try on', () => {
    const history = [add('x', 0, 1, 'unknown'), read(['x'], 2, 3), add('x', 4, 5), read(['x'], 6, 7)]
    expect(checkSet(history)).toMatchObject({ verdict: 'good', phantom: [], attempted: 1, acknowledged: 1 })
    const failed = [add('x', 0, 1, 'failed'), read(['x'], 2, 3), add('x', 4, 5), read(['x'], 6, 7)]
    expect(checkSet(failed)).toMatchObject({ verdict: 'bad', phantom: ['x'] })
  })

  test('in which an element without an answer was read, and is gone at the end, has lost it', () => {
    const history = [add('w', 0, 1), add('x', 0, 1, 'unknown'), read(['w', 'x'], 2, 3), read(['w'], 4, 5)]
    expect(checkSet(history)).toMatchObject({ verdict: 'bad', lost: ['x'], recovered: [] })
  })

  test('in which an add is still pending may show it, and its end is not waited for', () => {
    const pending = { ...add('x', 0, Infinity, 'unknown') }
    expect(checkSet([add('w', 0, 1), pending, read(['w', 'x'], 2, 3)])).toMatchObject({
      verdict: 'good',
      phantom: [],
      recovered: ['x'],
    })
  })

  test('knows an element from its answer or the end of the first read that has it, whichever is earlier', () => {
    const history = [add('x', 0, 40), read(['x'], 1, 10), read([], 30, 31), read(['x'], 50, 51)]
    expect(checkSet(history)).toMatchObject({ verdict: 'good', stale: ['x'], stability: { max: 20 } })
  })

  test('takes what happens at one instant as concurrent', () => {
    expect(checkSet([add('x', 0, 1), read([], 1, 2)])).toMatchObject({
      lost: [],
      stale: [],
      verdict: 'unknown',
    })
  })

  test('of 200,000 reads is judged', () => {
    const reads = Array.from({ length: 200_000 }, (_, index) =>
      read(index < 1_000 ? [] : ['x'], index + 2, index + 3),
    )
    expect(checkSet([add('x', 0, 1), ...reads])).toMatchObject({ verdict: 'good', stability: { max: 1_000 } })
  })

  test('with a time that is none is refused', () => {
    expect(() => checkSet([add('x', 2, 1)])).toThrow(
      /history\[0\] is from 2 to 1 \(add, ok\); allowed: from a finite time/,
    )
    expect(() => checkSet([add('x', Number.NaN, 1)])).toThrow(/from NaN to 1/)
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
