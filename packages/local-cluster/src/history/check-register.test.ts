import { describe, expect, test } from 'vitest'
import { checkRegisters } from './check-register.ts'
import type { Entry, Outcome, RegisterOperation } from './history.ts'

type E = Entry<RegisterOperation>
const write = (value: string, from: number, to: number, outcome: Outcome = 'ok'): E => ({
  kind: 'write',
  key: 'k',
  value,
  node: 'a',
  from,
  to,
  outcome,
})
const read = (value: string | undefined, from: number, to: number, node = 'a'): E => ({
  kind: 'read',
  key: 'k',
  value,
  node,
  from,
  to,
  outcome: 'ok',
})

describe('a history of registers', () => {
  test('in which all nodes end with the last write is good', () => {
    expect(
      checkRegisters([write('1', 0, 1), write('2', 2, 3), read('2', 4, 5), read('2', 4, 5, 'b')]).verdict,
    ).toBe('good')
  })

  test('in which an older value comes back has lost the last write', () => {
    expect(checkRegisters([write('1', 0, 1), write('2', 2, 3), read('1', 4, 5)])).toMatchObject({
      verdict: 'bad',
      lost: ['k=2'],
      stale: ['k=1'],
    })
  })

  test('in which the nodes end with different values is divided', () => {
    const verdict = checkRegisters([
      write('1', 0, 3),
      write('2', 1, 2),
      read('1', 4, 5),
      read('2', 4, 5, 'b'),
    ])
    expect(verdict).toMatchObject({ verdict: 'bad', divided: ['k'], lost: [] })
  })

  test('in which either of two concurrent writes wins is good', () => {
    for (const winner of ['1', '2'])
      expect(checkRegisters([write('1', 0, 3), write('2', 1, 2), read(winner, 4, 5)]).verdict).toBe('good')
  })

  test('with a value that nobody wrote, or that failed, has a phantom', () => {
    expect(checkRegisters([write('1', 0, 1), read('9', 2, 3)])).toMatchObject({ phantom: ['k=9'] })
    expect(checkRegisters([write('1', 0, 1, 'failed'), read('1', 2, 3)])).toMatchObject({ phantom: ['k=1'] })
  })

  test('a write whose answer got lost may win or not', () => {
    for (const seen of ['1', '2'])
      expect(checkRegisters([write('1', 0, 1), write('2', 2, 3, 'unknown'), read(seen, 4, 5)]).verdict).toBe(
        'good',
      )
  })

  test('a read of nothing after an acknowledged write has lost it', () => {
    expect(checkRegisters([write('1', 0, 1), read(undefined, 2, 3)])).toMatchObject({ lost: ['k=1'] })
  })
})
