import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../../testing/memory-bus.ts'
import { replicate, type Policy, type Replica, type ReplicaEvents } from '../../index.ts'

const running: Replica[] = []
afterEach(() => Promise.all(running.splice(0).map((replica) => replica.close())))

const onlyNew: Policy = ({ deletions, others }) =>
  deletions.length + others > 0 ? { verdict: 'refuse', reason: 'only new entries' } : { verdict: 'accept' }

/** Members whose documents were filled apart, all by the same author: what a copied machine may lead to. */
const apart = async (
  policy: Policy | undefined,
  ...fills: readonly ((doc: Y.Doc) => void)[]
): Promise<{ docs: Y.Doc[]; replicas: Replica[]; events: (keyof ReplicaEvents)[] }> => {
  const network = memoryNetwork()
  const events: (keyof ReplicaEvents)[] = []
  const [docs, replicas]: [Y.Doc[], Replica[]] = [[], []]
  for (const [index, fill] of fills.entries()) {
    const doc = new Y.Doc()
    doc.clientID = 7
    fill(doc)
    const replica = await replicate(doc, network.join(`member ${index}`), {
      name: 'notes',
      antiEntropyInterval: 20,
      discoveryWindow: 10,
      ...(policy === undefined ? {} : { policy }),
    })
    replica.on('diverged', () => void events.push('diverged'))
    replica.on('repaired', () => void events.push('repaired'))
    docs.push(doc)
    replicas.push(replica)
    running.push(replica)
  }
  return { docs, replicas, events }
}

const set =
  (...keys: readonly string[]) =>
  (doc: Y.Doc): void => {
    for (const key of keys) doc.getMap('notes').set(key, `of ${key}`)
  }

test.each([
  ['without a policy', undefined],
  ['with a policy that allows only new entries', onlyNew],
])(
  'different entries under the same ids are all there on all members in the end, %s',
  async (_how, policy) => {
    const { docs, replicas, events } = await apart(policy, set('a', 'b'), set('c', 'd'), set('c', 'd'))
    await expect
      .poll(() => new Set(replicas.map((replica) => replica.status().digest)).size, { timeout: 20_000 })
      .toBe(1)
    for (const doc of docs)
      expect(doc.getMap('notes').toJSON()).toEqual({ a: 'of a', b: 'of b', c: 'of c', d: 'of d' })
    expect(events).toContain('diverged')
    expect(events).toContain('repaired')
    await expect.poll(() => replicas.flatMap((replica) => replica.status().diverged)).toEqual([])
  },
)

test('different texts under the same ids cannot be repaired, and the status says so', async () => {
  const write = (text: string) => (doc: Y.Doc) => doc.getText('text').insert(0, text)
  const { docs, replicas } = await apart(undefined, write('left'), write('best'))
  await expect.poll(() => replicas[0]?.status().diverged, { timeout: 20_000 }).toEqual(['member 1'])
  expect(docs.map((doc) => doc.getText('text').toJSON())).toEqual(['left', 'best'])
})
