import { expect, test } from 'vitest'
import { defaultTimings } from '../config.ts'
import { limits } from '../limits.ts'
import { alone, answerAll, member, pings, typesOf } from '../testing/lone-member.ts'
import { redialWait } from './linking/dialling.ts'
import { gossipRounds } from './roster/roster.ts'
import { initialState } from './state/state.ts'
import type { Effect } from './state/effect.ts'

test('declaring a member down tells of it once, with the states on the way', () => {
  const self = alone()
  self.link('b')
  const told = typesOf(self.pass(10_000))
  expect(told.filter((what) => what.endsWith(' b'))).toEqual([
    'member:suspect b',
    'member:unlinked b',
    'member:down b',
  ])
})

test('a member that is met as suspect is told of as up first', () => {
  const self = alone()
  expect(typesOf(self.tell(member('x', { state: 'suspect' })))).toEqual(['member:up x', 'member:suspect x'])
})

test('who is met as down or as gone was never up', () => {
  const self = alone()
  expect(typesOf(self.tell(member('x', { state: 'down' }), member('y', { state: 'left' })))).toEqual([])
  expect([...self.state.peers.keys()]).toEqual(['x'])
})

test('new metadata is an update, a mere refutation is not', () => {
  const self = alone()
  self.tell(member('x'))
  expect(typesOf(self.tell(member('x', { incarnation: 2 })))).toEqual([])
  expect(typesOf(self.tell(member('x', { incarnation: 3, metadata: { http: 'a' } })))).toEqual([
    'member:updated x',
  ])
})

test.each(['suspect', 'down', 'left'] as const)(
  'an accusation of being %s is refuted with a higher incarnation',
  (state) => {
    const self = alone()
    self.tell(member('self', { incarnation: 7, state }))
    expect(self.state.self).toMatchObject({ incarnation: 8, state: 'alive' })
  },
)

test('who has left does not refute it', () => {
  const self = alone()
  self.input({ type: 'leave' })
  self.tell(member('self', { state: 'left' }))
  expect(self.state.self.state).toBe('left')
})

test('each watched member is probed once before any is probed twice', () => {
  const self = alone()
  const others = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const id of others) self.link(id)
  const probed: string[] = []
  while (probed.length < 3 * others.length) {
    const effects = self.pass(defaultTimings.tick)
    answerAll(self, effects)
    probed.push(...pings(effects))
  }
  for (let round = 0; round < 3; round += 1) {
    expect(probed.slice(round * others.length, (round + 1) * others.length).sort()).toEqual(others)
  }
})

test('after a stall nobody is accused before there was time to answer, and trust in oneself is low', () => {
  const self = alone()
  for (const id of ['a', 'b', 'c']) self.link(id)
  self.pass(500)
  self.stall(30_000)
  expect(typesOf(self.pass(defaultTimings.probeTimeout))).toEqual([])
  expect(self.state.health).toBe(8)
})

test('whoever answers through another member is not suspected', () => {
  const self = alone()
  self.link('b')
  self.tell(member('x'))
  const asked: string[] = []
  for (let time = 0; time < 20_000; time += defaultTimings.tick) {
    for (const effect of self.pass(defaultTimings.tick)) {
      if (effect.type !== 'send') continue
      const { message, to } = effect
      if (message.type === 'ping-req') asked.push(message.target)
      if (message.type === 'ping' || message.type === 'ping-req')
        self.input({ type: 'received', from: to, message: { type: 'ack', seq: message.seq, statements: [] } })
    }
  }
  expect(asked).toContain('x')
  expect(self.state.peers.get('x')?.member.state).toBe('alive')
})

test('an unreachable address is dialled for ever, ever more rarely, at most 5 s apart, never in step', () => {
  const random = (() => {
    let last = 0
    return () => (last = (last + 0.37) % 1)
  })()
  const state = { ...initialState(member('self'), defaultTimings, random, 0) }
  const waits = Array.from({ length: 500 }, (_, attempt) => redialWait({ state }, attempt))
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
  expect(waits[0]).toBeLessThanOrEqual(defaultTimings.redialMin)
  expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(defaultTimings.redialMax / 2)
  expect(new Set(waits.slice(10)).size).toBeGreaterThan(20)
})

test('one address is dialled once at a time, whatever the reasons to dial it', () => {
  const self = alone()
  const address = '/ip4/192.0.2.9/tcp/4100'
  const dialled = (effects: readonly Effect[]): string[] =>
    effects.flatMap((effect) => (effect.type === 'dial' ? [effect.target] : []))
  const first = [
    ...dialled(self.input({ type: 'configured', source: 'seeds', addresses: [address] })),
    ...dialled(self.tell(member('x', { addresses: [`${address}/p2p/x`] }))),
    ...dialled(self.input({ type: 'announced', peer: 'x', addresses: [address] })),
    ...dialled(self.pass(5_000)),
  ]
  expect(first).toEqual([address])
  self.input({ type: 'dialled', target: address, outcome: { type: 'failed' } })
  expect(dialled(self.pass(5_000))).toEqual(['x'])
})

test('a member that is down is still dialled after an hour', () => {
  const self = alone()
  self.tell(member('x', { state: 'down' }))
  const dials = (effects: readonly Effect[]): number => {
    let count = 0
    for (const effect of effects) {
      if (effect.type !== 'dial') continue
      count += 1
      self.input({ type: 'dialled', target: effect.target, outcome: { type: 'failed' } })
    }
    return count
  }
  for (let time = 0; time < 3_600_000; time += 1_000) dials(self.pass(1_000))
  let later = 0
  for (let time = 0; time < 60_000; time += 1_000) later += dials(self.pass(1_000))
  expect(later).toBeGreaterThan(5)
})

test.each([
  [1, 1],
  [2, 2],
  [9, 3],
  [99, 6],
  [999, 9],
])('in a cluster of %i a piece of news is told in %i rounds by each', (members, rounds) => {
  expect(gossipRounds(members)).toBe(rounds)
})

test('a full roster makes room for who is there by forgetting who is not', () => {
  const self = alone()
  for (let index = 0; index < limits.members; index += 1) self.tell(member(`gone${index}`, { state: 'down' }))
  self.tell(member('here'))
  expect(self.state.peers.has('here')).toBe(true)
  expect(self.state.peers.size).toBe(limits.members)
  self.tell(member('gone0', { state: 'down' }))
  expect(self.state.peers.has('gone0')).toBe(false)
})
