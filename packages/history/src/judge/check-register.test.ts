import { describe, expect, test } from 'vitest'
import { checkRegisters } from './check-register.ts'
import type { Entry, Outcome, RegisterOperation } from '../history.ts'

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

  test('a write whose answer got lost does not excuse another that is gone', () => {
    const history = [write('1', 0, 1), write('2', 2, 3), write('3', 0, 1, 'unknown'), read('1', 4, 5)]
    expect(checkRegisters(history)).toMatchObject({ verdict: 'bad', lost: ['k=2'] })
  })

  test('a write without an answer that was read, and overwritten, does not come back', () => {
    const history = [write('1', 0, 1, 'unknown'), read('1', 2, 3), write('2', 4, 5), read('1', 6, 7)]
    expect(checkRegisters(history)).toMatchObject({ verdict: 'bad', lost: ['k=2'], stale: ['k=1'] })
  })

  test('in which neither of two concurrent writes is left has lost both', () => {
    const history = [
      write('1', 0, 1),
      write('2', 2, 5),
      write('3', 3, 4),
      read('1', 6, 7),
      read('1', 6, 7, 'b'),
    ]
    expect(checkRegisters(history)).toMatchObject({ verdict: 'bad', lost: ['k=2', 'k=3'] })
  })

  test('in which only the last of many writes is gone has lost that one', () => {
    const history = [write('1', 0, 1), write('2', 2, 3), write('3', 4, 5), read('1', 6, 7)]
    expect(checkRegisters(history)).toMatchObject({ lost: ['k=3'], stale: ['k=1'] })
  })

  test('of a node that died in the middle is not divided', () => {
    const history = [write('1', 0, 1), read('1', 2, 3, 'b'), write('2', 4, 5), read('2', 6, 7)]
    expect(checkRegisters(history)).toMatchObject({ verdict: 'good', divided: [], lost: [], unread: ['b'] })
  })

  test('that nobody read after the last write had ended is not known to be good, and says which', () => {
    expect(checkRegisters([write('1', 0, 1), read('1', 2, 3), write('2', 4, 5)])).toMatchObject({
      verdict: 'unknown',
      neverRead: ['k'],
    })
    const dead: E = { ...read('2', 6, 7), outcome: 'unknown' }
    expect(checkRegisters([write('1', 0, 1), read('1', 2, 3), dead])).toMatchObject({
      verdict: 'unknown',
      neverRead: ['k'],
      unread: ['a'],
    })
    expect(checkRegisters([]).verdict).toBe('unknown')
  })

  test('in which a value is written twice is refused, as a read could not tell which it saw', () => {
    const twice = [write('1', 0, 1), write('2', 2, 3), write('1', 4, 5), read('1', 6, 7)]
    expect(() => checkRegisters(twice)).toThrow(
      'history is k=1 written by a at 0 ms and by a at 4 ms; allowed: each value of a key written once',
    )
    const again = [write('1', 0, 1, 'failed'), write('1', 2, 3), read('1', 4, 5)]
    expect(checkRegisters(again).verdict).toBe('good')
  })

  test('of 200,000 entries is judged', () => {
    const entries = Array.from({ length: 100_000 }, (_, n) => [
      write(`${n}`, 4 * n, 4 * n + 1),
      read(`${n}`, 4 * n + 2, 4 * n + 3),
    ])
    expect(checkRegisters(entries.flat()).verdict).toBe('good')
  })

  test('a read of nothing after an acknowledged write has lost it', () => {
    expect(checkRegisters([write('1', 0, 1), read(undefined, 2, 3)])).toMatchObject({ lost: ['k=1'] })
  })
})
