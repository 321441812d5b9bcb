import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkRegisters } from './check-register.ts'
import type { Entry, Outcome, RegisterOperation } from '../history.ts'

type E = Entry<RegisterOperation>

const keys = ['k', 'l']
const nodeNames = ['a', 'b', 'c']

const operation = fc.record({
  isWrite: fc.boolean(),
  key: fc.constantFrom(...keys),
  node: fc.constantFrom(...nodeNames),
  early: fc.nat(40),
  late: fc.nat(40),
  outcome: fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'unknown', 'failed'),
  /** Of what has no answer. */
  isDone: fc.boolean(),
})

/** What happens at one point of time each, 10 ms apart, and is seen from outside as taking some time around it. */
const linearizable = fc.array(operation, { maxLength: 20 }).map((operations) => {
  const held = new Map<string, string>()
  const history = operations.map(({ isWrite, key, node, early, late, outcome, isDone }, index): E => {
    const time = { node, from: index * 10 - early, to: index * 10 + late, outcome }
    if (!isWrite) return { kind: 'read', key, value: held.get(key), ...time }
    const value = `${index}`
    if (outcome === 'ok' || (outcome === 'unknown' && isDone)) held.set(key, value)
    return { kind: 'write', key, value, ...time }
  })
  return [...history, ...keys.flatMap((key) => nodeNames.map((node) => finalRead(key, node, held.get(key))))]
})

const finalRead = (key: string, node: string, value: string | undefined): E => ({
  kind: 'read',
  key,
  value,
  node,
  from: 1_000,
  to: 1_001,
  outcome: 'ok',
})

const isAcknowledged = (entry: E): boolean => entry.kind === 'write' && entry.outcome === 'ok'

test('a linearizable history is good, and has nothing stale', () => {
  fc.assert(
    fc.property(linearizable, (history) => {
      expect(checkRegisters(history)).toMatchObject({
        verdict: history.some(isAcknowledged) ? 'good' : 'unknown',
        divided: [],
        lost: [],
        stale: [],
        phantom: [],
        neverRead: [],
        unread: [],
      })
    }),
    { numRuns: 500 },
  )
})

test('an acknowledged write that all later reads miss, for an older value, is caught', () => {
  fc.assert(
    fc.property(linearizable, fc.nat(), fc.nat(), (history, which, instead) => {
      const writes = history.filter(isAcknowledged)
      const dropped = writes[which % writes.length]
      fc.pre(dropped !== undefined)
      const older = writes.filter(({ key, to }) => key === dropped.key && to < dropped.from)
      const value = [undefined, ...older.map(({ value }) => value)][instead % (older.length + 1)]
      const without = history.map((entry) =>
        entry.kind === 'read' && entry.key === dropped.key && entry.from > dropped.to
          ? { ...entry, value }
          : entry,
      )
      const verdict = checkRegisters(without)
      expect(verdict.verdict).toBe('bad')
      expect(verdict.lost.length).toBeGreaterThan(0)
      expect(verdict.lost.every((name) => name.startsWith(`${dropped.key}=`))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('one node that ends with an older value is caught, and so is a value that nobody wrote', () => {
  fc.assert(
    fc.property(linearizable, fc.constantFrom(...nodeNames), (history, node) => {
      fc.pre(history.some((entry) => isAcknowledged(entry) && entry.key === 'k'))
      const ends = history.findIndex(
        (entry) => entry.from === 1_000 && entry.node === node && entry.key === 'k',
      )
      const forgetful = history.with(ends, finalRead('k', node, undefined))
      expect(checkRegisters(forgetful)).toMatchObject({ verdict: 'bad', divided: ['k'] })
      expect(checkRegisters(forgetful).lost.length).toBeGreaterThan(0)
      const invented = history.with(ends, finalRead('k', node, 'nobody’s'))
      expect(checkRegisters(invented)).toMatchObject({ verdict: 'bad', phantom: ['k=nobody’s'] })
    }),
    { numRuns: 300 },
  )
})
