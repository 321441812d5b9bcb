import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { replicate, type ReplicaStatus } from '../index.ts'

test('each change of the status is told: a member in sync, one lost, a write, a refusal', async () => {
  const network = memoryNetwork()
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  const options = { name: 'notes', antiEntropyInterval: 20, discoveryWindow: 10 }
  await using replica = await replicate(one, network.join('one'), {
    ...options,
    policy: ({ deletions }) =>
      deletions.length > 0 ? { verdict: 'refuse', reason: 'nothing is deleted' } : { verdict: 'accept' },
  })
  const told: ReplicaStatus[] = []
  const refusals: unknown[] = []
  replica.on('status', (status) => void told.push(status))
  replica.on('refused', (event) => void refusals.push(event))
  await replica.ready
  await using second = await replicate(other, network.join('other'), options)
  await second.ready
  await expect.poll(() => told.at(-1)).toMatchObject({ ready: true, inSync: ['other'], diverged: [] })
  expect(told.at(-1)?.lastExchange?.member).toBe('other')
  const { logBytes } = replica.status()
  await replica.write(() => one.getMap('notes').set('milk', 1))
  await expect.poll(() => (told.at(-1)?.logBytes ?? 0) > logBytes).toBe(true)
  await second.write(() => other.getMap('notes').delete('milk'))
  await expect.poll(() => refusals).toContainEqual({ member: 'other', reason: 'nothing is deleted' })
  await expect.poll(() => (told.at(-1)?.refused ?? 0) > 0).toBe(true)
  network.cut('one', 'other')
  await expect.poll(() => told.at(-1)?.inSync).toEqual([])
})

test.each([
  [{ name: 'no/slash' }, /name is "no\/slash"/],
  [{ name: 'n', writeTimeout: 0 }, /writeTimeout is 0; allowed: a number from 1 to 600000/],
  [{ name: 'n', concern: 1.5 }, /concern is 1.5/],
  [{ name: 'n', compactAfter: 1 }, /compactAfter is 1; /],
])('bad options %o fail at start, with what was seen and what is allowed', async (options, message) => {
  await expect(replicate(new Y.Doc(), memoryNetwork().join('one'), options)).rejects.toThrow(message)
})

test('a majority needs a bus that tells its members', async () => {
  await using replica = await replicate(new Y.Doc(), memoryNetwork().join('one'), {
    name: 'notes',
    discoveryWindow: 0,
  })
  await expect(replica.write(() => 1, { concern: 'majority' })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  })
})

test('what was in the document before is on disk and with the others too', async () => {
  const network = memoryNetwork()
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  one.getMap('notes').set('early', 1)
  const options = { name: 'notes', antiEntropyInterval: 20, discoveryWindow: 10 }
  await using replica = await replicate(one, network.join('one'), options)
  await using second = await replicate(other, network.join('other'), options)
  await second.ready
  expect(other.getMap('notes').toJSON()).toEqual({ early: 1 })
  await expect.poll(() => replica.status().logBytes).toBeGreaterThan(0)
})
