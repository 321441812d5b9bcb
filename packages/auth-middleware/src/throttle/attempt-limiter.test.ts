import { describe, expect, test } from 'vitest'
import type { AttemptOptions } from '../config.ts'
import { takeAll, type AttemptLimiter } from './attempt-limiter.ts'
import { clusterAttempts, type Peers } from './cluster-attempts.ts'
import { decodeAnswer, decodeRequest } from './loan-messages.ts'
import { memoryAttempts } from './memory-attempts.ts'

const { signal } = new AbortController()
const options = { signal }

/** Members in one process; `reaches` says who can talk to whom. */
const network = (count: number): { peers: Peers[]; split: (sideOf: (index: number) => number) => void } => {
  const ids = Array.from({ length: count }, (_, index) => `member-${index}`)
  const handlers = new Map<string, (request: Uint8Array) => Promise<Uint8Array>>()
  let side = (_index: number): number => 0
  const reaches = (a: string, b: string): boolean => side(ids.indexOf(a)) === side(ids.indexOf(b))
  const peers = ids.map((self): Peers => ({
    self: { id: self },
    members: () => ids.map((id) => ({ id, state: reaches(self, id) ? 'alive' : 'down' })),
    reachable: () => ids.filter((id) => id !== self && reaches(self, id)),
    async request(member, _protocol, bytes) {
      const handler = handlers.get(member)
      if (handler === undefined || !reaches(self, member)) throw new Error('unreachable')
      return handler(bytes)
    },
    handle: async (_protocol, handler) => void handlers.set(self, handler),
  }))
  return { peers, split: (sideOf) => void (side = sideOf) }
}

const cluster = async (count: number, limits: AttemptOptions & { now?: () => number }) => {
  const { peers, split } = network(count)
  return { ledgers: await Promise.all(peers.map((peer) => clusterAttempts(peer, limits))), split }
}

const tries = async (
  limiter: AttemptLimiter | undefined,
  times: number,
  subject = 'ada',
): Promise<number> => {
  let granted = 0
  for (let index = 0; index < times; index += 1) {
    const attempt = await limiter?.take('account', subject, options)
    if (attempt?.kind === 'granted') granted += 1
  }
  return granted
}

describe.each<[string, (limits: AttemptOptions & { now: () => number }) => Promise<AttemptLimiter>]>([
  ['memoryAttempts', async (limits) => memoryAttempts(limits)],
  ['clusterAttempts of one', async (limits) => clusterAttempts(await lonely(), limits)],
  ['clusterAttempts of three', async (limits) => first((await cluster(3, limits)).ledgers)],
])('the contract of a limiter: %s', (_name, make) => {
  const limits = { account: 5, device: 2, address: 7, windowMs: 60_000, now: () => 10_000 }

  test('grants as many as the limit, and then says when to come again', async () => {
    const limiter = await make(limits)
    expect(await tries(limiter, 20)).toBe(5)
    expect(await limiter.take('account', 'ada', options)).toEqual({ kind: 'spent', retryAfterSeconds: 50 })
  })

  test('counts each kind and each subject apart', async () => {
    const limiter = await make(limits)
    await tries(limiter, 20)
    expect((await limiter.take('device', 'ada', options)).kind).toBe('granted')
    expect((await limiter.take('account', 'bob', options)).kind).toBe('granted')
  })

  test('what is given back can be taken again', async () => {
    const limiter = await make(limits)
    for (let index = 0; index < 50; index += 1) {
      const attempt = await limiter.take('account', 'ada', options)
      expect(attempt.kind).toBe('granted')
      if (attempt.kind === 'granted') attempt.giveBack()
    }
  })

  test('attempts made at once cannot exceed the limit together', async () => {
    const limiter = await make(limits)
    const all = await Promise.all(Array.from({ length: 30 }, () => limiter.take('account', 'ada', options)))
    expect(all.filter(({ kind }) => kind === 'granted')).toHaveLength(5)
  })

  test('the next window is a new one', async () => {
    let time = 10_000
    const limiter = await make({ ...limits, now: () => time })
    await tries(limiter, 20)
    time = 60_000
    expect(await tries(limiter, 20)).toBe(5)
  })
})

const lonely = async (): Promise<Peers> => first(network(1).peers)

const first = <T>(items: readonly T[]): T => {
  const [item] = items
  if (item === undefined) throw new Error('nothing there')
  return item
}

describe('a cluster', () => {
  test('guesses round all members get no more than one member would grant', async () => {
    const { ledgers } = await cluster(5, { account: 30 })
    let granted = 0
    for (let round = 0; round < 20; round += 1)
      for (const limiter of ledgers) granted += await tries(limiter, 1)
    expect(granted).toBe(30)
  })

  test('all at once, on all members', async () => {
    const { ledgers } = await cluster(5, { account: 30 })
    const counts = await Promise.all(ledgers.map((limiter) => tries(limiter, 40)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(30)
  })

  test('nor do they when it is split, and each side has some', async () => {
    const { ledgers, split } = await cluster(5, { account: 30 })
    split((index) => (index < 3 ? 0 : 1))
    const left = await tries(ledgers[0], 100)
    const right = await tries(ledgers[4], 100)
    expect([left, right]).toEqual([18, 12])
    split(() => 0)
    for (const limiter of ledgers) expect(await tries(limiter, 10)).toBe(0)
  })

  test('a member that answers nonsense lends nothing', async () => {
    const { peers } = network(2)
    const [one, other] = peers
    if (one === undefined || other === undefined) throw new Error('no members')
    const limiter = await clusterAttempts(one, { account: 10 })
    await other.handle('', async () => Buffer.from('1e9'))
    expect(await tries(limiter, 30)).toBe(5)
  })
})

test.each([
  '',
  'null',
  '{}',
  '{"kind":"account","id":"short","window":1}',
  '{"kind":"toString","id":"aaaaaaaaaaaaaaaaaaaaaa","window":1}',
  '{"kind":"account","id":"aaaaaaaaaaaaaaaaaaaaaa","window":1.5}',
  `{"kind":"account","id":"aaaaaaaaaaaaaaaaaaaaaa","window":1,"x":"${'x'.repeat(300)}"}`,
])('a request that no member makes is none: %j', (text) => {
  expect(decodeRequest(Buffer.from(text))).toBeUndefined()
})

test.each(['-1', '0', '1.5', '11', '"5"', 'null', ''])('an answer of %j is no right', (text) => {
  expect(decodeAnswer(Buffer.from(text), 10)).toBe(0)
})

test('all subjects or none', async () => {
  const limiter = memoryAttempts({ account: 1, address: 2 })
  const both = [
    { kind: 'address', subject: 'here' },
    { kind: 'account', subject: 'ada' },
  ] as const
  expect((await takeAll(limiter, both, options)).kind).toBe('granted')
  for (let index = 0; index < 10; index += 1)
    expect((await takeAll(limiter, both, options)).kind).toBe('spent')
  expect((await limiter.take('address', 'here', options)).kind).toBe('granted')
})
