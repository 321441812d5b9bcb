import { expect, test } from 'vitest'
import { memoryLedger } from './session-ledger.ts'

const signal = new AbortController().signal

test('an ended session is ended at once, and no other', async () => {
  const ledger = memoryLedger({ now: () => 0 })
  await ledger.end('one', { issuedAt: 0, validUntil: 1000, signal })
  expect([ledger.isEnded('one'), ledger.isEnded('two')]).toEqual([true, false])
})

test('a record is dropped when its session is over in any case, and not before', async () => {
  let now = 0
  const ledger = memoryLedger({ now: () => now })
  await ledger.end('short', { issuedAt: 10, validUntil: 100_000, signal })
  await ledger.end('long', { issuedAt: 200_010, validUntil: 300_000, signal })
  now = 200_000
  await ledger.end('another', { issuedAt: 800_010, validUntil: 900_000, signal })
  expect([ledger.isEnded('short'), ledger.isEnded('long')]).toEqual([false, true])
  // Whoever was issued a session at the time of the one that was dropped is refused from now on.
  expect(ledger.floor()).toBe(11)
})

test('an aborted end is refused', async () => {
  const ledger = memoryLedger()
  await expect(
    ledger.end('one', { issuedAt: 0, validUntil: 1, signal: AbortSignal.abort() }),
  ).rejects.toThrow('aborted')
  expect(ledger.isEnded('one')).toBe(false)
})
