/**
 * The records of ended sessions of three nodes, as they run, over a network in memory: their clocks are years apart and step, nodes restart
 * and are cut off. Nothing of the lives of sessions is asked here: records alone keep what was ended from being valid again.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import * as fc from 'fast-check'
import { systemClock } from '@grapevine/std'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { memoryDocuments } from '../testing/alone.ts'
import { agreedClock } from '../time/agreed-clock.ts'
import { openSessions } from './open-sessions.ts'
import type { Bus } from '@grapevine/replica'
import type { EndedSessions } from './ended-sessions.ts'

const day = 24 * 60 * 60_000
const week = 7 * day
const year = 365 * day
const start = 1_780_000_000_000
const log = pino({ level: 'silent' })
const signal = new AbortController().signal

type Listener = Parameters<Bus['on']>[1]

interface Node {
  readonly id: string
  offset: number
  isCut: boolean
  readonly disk: ReturnType<typeof memoryDocuments>
  handlers: Map<string, Parameters<Bus['handle']>[1]>
  listeners: Set<Listener>
  sessions: EndedSessions | undefined
}

interface World {
  readonly nodes: readonly Node[]
  readonly time: { passed: number }
}

interface Session {
  readonly id: string
  readonly issuedAt: number
  readonly epoch: string | undefined
}

const linkedTo = ({ nodes }: World, self: Node): readonly Node[] =>
  nodes.filter((other) => other !== self && !other.isCut && !self.isCut && other.sessions !== undefined)

const busOf = (world: World, self: Node): Bus => ({
  self: { id: self.id },
  reachable: () => linkedTo(world, self).map(({ id }) => id),
  topic: () => ({ publish: async () => undefined, subscribe: () => () => undefined }),
  request: async (member, protocol, bytes) => {
    const handler = linkedTo(world, self)
      .find(({ id }) => id === member)
      ?.handlers.get(protocol)
    if (handler === undefined) throw new Error(`${member} does not answer`)
    return handler(bytes, { from: self.id })
  },
  handle: async (protocol, handler) => {
    self.handlers.set(protocol, handler)
    return () => void self.handlers.delete(protocol)
  },
  on: (type, listener) => {
    if (type === 'member:linked') self.listeners.add(listener)
    return () => void self.listeners.delete(listener)
  },
})

const tellLinks = (world: World): void => {
  for (const node of world.nodes)
    for (const { id } of linkedTo(world, node))
      for (const listener of node.listeners) listener({ member: { id } })
}

const boot = async (world: World, node: Node): Promise<void> => {
  const ownClock = (): number => Math.max(0, start + world.time.passed + node.offset)
  const others = {
    members: () => linkedTo(world, node).map(({ id, offset }) => ({ id, skew: offset - node.offset })),
    reachable: () => linkedTo(world, node).map(({ id }) => id),
  }
  const { now, isSettled } = agreedClock(others, ownClock, systemClock.now)
  node.sessions = await openSessions({
    bus: busOf(world, node),
    ports: { disk: node.disk, clock: systemClock, now, random: Math.random, randomBytes, log },
    // Whoever is alone has been so for long.
    isTimeSettled: () => node.isCut || isSettled(),
  })
  tellLinks(world)
}

const halt = async (node: Node): Promise<void> => {
  await node.sessions?.close()
  node.sessions = undefined
  node.handlers = new Map()
  node.listeners = new Set()
}

const isOver = (sessions: EndedSessions, { id, issuedAt, epoch }: Session): boolean =>
  epoch !== sessions.epoch() || issuedAt < sessions.floor() || sessions.isEnded(id)

const logIn = (world: World, { sessions, offset }: Node): Session => ({
  id: randomBytes(16).toString('base64url'),
  issuedAt: Math.max(start + world.time.passed + offset, sessions?.floor() ?? 0, 0),
  epoch: sessions?.epoch(),
})

type Step =
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'step clock'; readonly node: number; readonly offset: number }
  | {
      readonly type: 'log in' | 'log out' | 'restart' | 'cut' | 'heal' | 'bump'
      readonly node: number
      readonly pick: number
    }

const offset = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -20 * 60_000, max: 20 * 60_000 }),
  fc.integer({ min: -20 * day, max: 20 * day }),
  fc.integer({ min: -56 * year, max: 80 * year }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(9 * day) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('step clock' as const), node: fc.nat(2), offset }) },
  {
    weight: 7,
    arbitrary: fc.record({
      type: fc.constantFrom('log in', 'log in', 'log out', 'log out', 'restart', 'cut', 'heal', 'bump'),
      node: fc.nat(2),
      pick: fc.nat(50),
    }),
  },
)

const play = async (world: World, step: Step, open: Session[], ended: Session[]): Promise<void> => {
  if (step.type === 'pass') return void (world.time.passed += step.ms)
  const node = world.nodes[step.node]
  if (node?.sessions === undefined) return
  if (step.type === 'step clock') return void (node.offset = step.offset)
  if (step.type === 'log in') open.push(logIn(world, node))
  else if (step.type === 'restart') {
    await halt(node)
    await boot(world, node)
  } else if (step.type === 'cut') node.isCut = true
  else if (step.type === 'bump') {
    if (step.pick > 5) return
    await node.sessions.bumpEpoch()
    ended.push(...open.splice(0))
  } else if (step.type === 'heal') await heal(world)
  else {
    const [session] = open.splice(step.pick % Math.max(1, open.length), 1)
    if (session === undefined) return
    const { id, issuedAt } = session
    // As the door does it; where it is over already nothing is recorded, and it goes on elsewhere if it is not over there.
    if (isOver(node.sessions, session)) open.push(session)
    else {
      await node.sessions.end(id, { issuedAt, validUntil: issuedAt + week, signal })
      ended.push(session)
    }
  }
}

const heal = async (world: World): Promise<void> => {
  for (const node of world.nodes) node.isCut = false
  tellLinks(world)
}

const untilEqual = async (world: World): Promise<void> => {
  const until = performance.now() + 15_000
  for (;;) {
    await Promise.all(world.nodes.map(async ({ sessions }) => await sessions?.roll()))
    const all = world.nodes.map(({ sessions }) =>
      JSON.stringify([sessions?.told(), sessions?.status().digest]),
    )
    if (new Set(all).size === 1) return
    if (performance.now() > until) throw new Error(`not equal: ${all.join(' ')}`)
    await delay(5)
  }
}

const run = async (offsets: readonly number[], steps: readonly Step[]): Promise<void> => {
  const nodes = offsets.map((each, index): Node => {
    const disk = memoryDocuments()
    const parts = { handlers: new Map(), listeners: new Set<Listener>(), sessions: undefined }
    return { id: `node-${index}`, offset: each, isCut: false, disk, ...parts }
  })
  const world: World = { nodes, time: { passed: 0 } }
  const [open, ended]: [Session[], Session[]] = [[], []]
  try {
    for (const node of nodes) await boot(world, node)
    for (const step of steps) await play(world, step, open, ended)
    await heal(world)
    await untilEqual(world)
    for (const { id, sessions } of nodes) {
      if (sessions === undefined) throw new Error('unreachable')
      for (const copy of ended) expect(isOver(sessions, copy), `ended, and valid on ${id}`).toBe(true)
    }
    // Nobody is locked out: who logs in now is let in everywhere, and can log out for all.
    for (const node of nodes) {
      const fresh = logIn(world, node)
      for (const { id, sessions } of nodes)
        expect(sessions !== undefined && !isOver(sessions, fresh), `of ${node.id}, on ${id}`).toBe(true)
      const { issuedAt } = fresh
      await node.sessions?.end(fresh.id, { issuedAt, validUntil: issuedAt + week, signal })
      await untilEqual(world)
      for (const { id, sessions } of nodes)
        expect(sessions?.isEnded(fresh.id), `ended on ${node.id}, asked on ${id}`).toBe(true)
    }
  } finally {
    await Promise.all(nodes.map(halt))
  }
}

vi.setConfig({ testTimeout: 180_000 })

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

test(`what was ended is over on all nodes that see each other, and who logs in is let in by all, whatever the clocks (SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(offset, { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 25, size: 'max' }),
      run,
    ),
    { seed, numRuns: Number(process.env['RUNS'] ?? 25), endOnFailure: true },
  )
})
