/** What a restart of a member gives to who guesses. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { attemptFile, type AttemptStore } from './attempt-store.ts'
import {
  clusterAttempts,
  type ClusterAttemptOptions,
  type ClusterAttempts,
  type Peers,
} from './cluster-attempts.ts'

const signal = new AbortController().signal
const clock = {
  after: (_ms: number, task: () => void) => {
    const soon = setImmediate(task)
    return () => clearImmediate(soon)
  },
}
const minute = 60_000

const memoryStore = (): AttemptStore & { bytes: Uint8Array | undefined } => {
  const store = {
    bytes: undefined as Uint8Array | undefined,
    read: async () => store.bytes,
    write: async (bytes: Uint8Array) => void (store.bytes = bytes),
  }
  return store
}

/** A member that knows these, and reaches none of them. */
const cutOff = (id: string, others: readonly { readonly id: string; readonly state: string }[]): Peers => ({
  self: { id },
  members: () => [{ id, state: 'alive' }, ...others],
  reachable: () => [],
  request: () => Promise.reject(new Error('nobody is reached')),
  handle: async () => () => undefined,
})

const down = ['b', 'c', 'd', 'e'].map((id) => ({ id, state: 'down' }))

const tries = async (attempts: ClusterAttempts, most = 100): Promise<number> => {
  for (let count = 0; count < most; count += 1) {
    if ((await attempts.take('account', 'id ann', { signal })).kind === 'spent') return count
  }
  return most
}

const open = (
  peers: Peers,
  store: AttemptStore,
  options: ClusterAttemptOptions = {},
): Promise<ClusterAttempts> => clusterAttempts(peers, { now: () => 1000, clock, store, ...options })

test('a member that restarts while cut off tries no more than it had left, of five members, although it knows only itself', async () => {
  const store = memoryStore()
  const before = await open(cutOff('a', down), store)
  expect(await tries(before, 4)).toBe(4)
  await before.close()
  const after = await open(cutOff('a', []), store)
  expect(await tries(after)).toBe(2)
  await after.close()
  expect(await tries(await open(cutOff('a', []), store))).toBe(0)
})

test('in the next window it divides by whom it knew, for a day; who has left does not count', async () => {
  const store = memoryStore()
  const before = await open(cutOff('a', down), store)
  await tries(before, 1)
  await before.close()
  let now = 20 * minute
  const later = (): number => now
  expect(await tries(await open(cutOff('a', []), store, { now: later }))).toBe(6)
  const left = down.map(({ id }) => ({ id, state: 'left' }))
  expect(await tries(await open(cutOff('a', left), memoryStore(), { now: later }))).toBe(30)
  const long = await open(cutOff('a', []), store, { now: later })
  now += 25 * 60 * minute
  expect(await tries(long)).toBe(30)
})

test('rights that were lent are not there again after a restart', async () => {
  const store = memoryStore()
  let lend: ((request: Uint8Array) => Promise<Uint8Array>) | undefined
  const peers: Peers = { ...cutOff('a', []), handle: async (_protocol, handler) => void (lend = handler) }
  const attempts = await open(peers, store)
  await attempts.take('account', 'id ann', { signal })
  const state: { windows: { pages: [string][] }[] } = JSON.parse(
    await attempts.close().then(() => Buffer.from(store.bytes ?? []).toString()),
  )
  const id = state.windows[0]?.pages[0]?.[0] ?? ''
  const again = await open(peers, store)
  const request = Buffer.from(JSON.stringify({ kind: 'account', id, window: 0 }))
  expect(Buffer.from((await lend?.(request)) ?? []).toString()).toBe('15')
  await again.close()
  expect(await tries(await open(cutOff('a', []), store))).toBe(14)
})

test('a file keeps it; one that is damaged is told, and begins anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attempts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'throttle', 'attempts.json')
  const before = await open(cutOff('a', down), attemptFile(path))
  await tries(before, 3)
  await before.close()
  expect(await readFile(path, 'utf8')).not.toContain('ann')
  const again = await open(cutOff('a', []), attemptFile(path))
  expect(await tries(again)).toBe(3)
  await again.close()
  const spoilt = [
    '',
    '{',
    'null',
    '{"members":[],"windows":[{"number":0,"members":[],"pages":[["x",{"share":"30"}]]}]}',
    `{"members":[${'"a",'.repeat(10_001)}"a"],"windows":[]}`,
  ]
  for (const text of spoilt) {
    await writeFile(path, text)
    const errors: unknown[] = []
    const attempts = await open(cutOff('a', []), attemptFile(path), {
      onError: (error) => errors.push(error),
    })
    expect([errors.length, (await attempts.take('account', 'id ann', { signal })).kind]).toEqual([
      1,
      'granted',
    ])
    await attempts.close()
  }
})

test('a store that fails keeps nobody out, and is told', async () => {
  const errors: unknown[] = []
  const failing: AttemptStore = {
    read: () => Promise.reject(new Error('EIO')),
    write: () => Promise.reject(new Error('ENOSPC')),
  }
  const attempts = await open(cutOff('a', []), failing, { onError: (error) => errors.push(error) })
  expect((await attempts.take('account', 'id ann', { signal })).kind).toBe('granted')
  await attempts.close()
  expect(errors.map(String)).toEqual(['Error: EIO', 'Error: ENOSPC'])
})
