/** What no merge may harm: all histories of three nodes, on real documents. */
import type { Fact as HeldFact } from '@grapevine/facts'
import { seedsToRun } from '@grapevine/simulation'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { latestMs } from './clock/stamp.ts'
import { allOf, emptySet, hashOf, heal, noon, pull, startNode } from './testing/kit.ts'
import type { User } from './user.ts'
import { createUserCache } from './user-cache.ts'
import type { UserCache } from './user-cache.ts'

const names = ['Ada', 'ADA', 'Eva', 'eva']
const kinds = [
  'changePassword',
  'rehash',
  'rename',
  'endSessions',
  'disable',
  'enable',
  'erase',
  'open',
  'open',
] as const
const endings = new Set<string>(['changePassword', 'endSessions', 'disable'])

const who = { node: fc.nat(2), user: fc.nat(5) }
const step = fc.oneof(
  fc.record({ ...who, kind: fc.constant('register' as const), name: fc.constantFrom(...names) }),
  fc.record({ ...who, kind: fc.constantFrom(...kinds), name: fc.constantFrom(...names) }),
  fc.record({ ...who, kind: fc.constant('pull' as const), name: fc.constant('') }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Session {
  readonly user: string
  readonly epoch: string
  ended: boolean
}

const dayMs = 86_400_000

/** Minutes, days, and all of time apart; they stand still, run, and jump. */
const clock = fc.constantFrom(
  noon,
  noon + 30_000,
  noon - 600_000,
  noon + 15 * dayMs,
  noon - 400 * dayMs,
  0,
  latestMs,
  2 ** 50,
)
const clocks = fc.array(clock, { minLength: 3, maxLength: 3 })

/** Three nodes, and what we know to be true of their history. */
const startWorld = (walls: readonly number[]) => ({
  nodes: walls.map((wall, index) => startNode(`n${index}`, { clock: wall })),
  ids: [] as string[],
  erased: new Set<string>(),
  lastDisabling: new Map<string, string>(),
  sessions: [] as Session[],
})
type World = ReturnType<typeof startWorld>

const run = (world: World, { kind, node: index, user, name }: Step, count: number): void => {
  const node = world.nodes[index]
  const id = world.ids[user % Math.max(1, world.ids.length)] ?? ''
  if (node === undefined) return
  node.clock += count % 3
  try {
    if (kind === 'register')
      world.ids.push(node.users.register({ username: name, passwordHash: hashOf(`${count}`) }).id)
    else if (kind === 'pull') pull(node, world.nodes[user % 3] ?? node)
    else if (kind === 'open') open(world, node.users.get(id))
    else if (kind === 'rename') node.users.rename(id, name)
    else if (kind === 'changePassword') node.users.changePassword(id, hashOf(`${count}`))
    else if (kind === 'rehash')
      node.users.rehash(id, hashOf(`${count}`), node.users.get(id)?.passwordHash ?? '')
    else node.users[kind](id)
    note(world, kind, id)
  } catch (error) {
    expect(['UNKNOWN_USER', 'USERNAME_TAKEN']).toContain(codeOf(error))
  }
}

const open = (world: World, user: User | undefined): void => {
  if (user !== undefined) world.sessions.push({ user: user.id, epoch: user.sessionEpoch, ended: false })
}

const note = (world: World, kind: Step['kind'], id: string): void => {
  if (kind === 'erase') world.erased.add(id)
  if (kind === 'disable' || kind === 'enable') world.lastDisabling.set(id, kind)
  if (!endings.has(kind)) return
  for (const session of world.sessions) session.ended ||= session.user === id
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : error)

const seen = (users: UserCache, { ids }: World) => {
  const byName = names.map((name) => users.claimants(name))
  return {
    byId: ids.map((id) => users.get(id)),
    byName,
    size: users.size,
    contested: users.contestedNames(),
  }
}

const read = (facts: readonly HeldFact[]): UserCache => {
  const set = emptySet()
  set.insert(facts)
  return createUserCache({ facts: set, nodeId: 'reader' })
}

// `SEEDS=170` plays ten thousand histories for each claim. Seconds on a machine that is idle; others may be at work on it.
const runs = seedsToRun(60).length
vi.setConfig({ testTimeout: Math.max(180_000, runs * 1_000) })

describe('for all histories', () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' })

  const afterEachHistory = (check: (world: World, order: readonly HeldFact[]) => void): void => {
    const property = fc.property(clocks, steps, fc.nat(), (walls, history, seed) => {
      const world = startWorld(walls)
      history.forEach((each, count) => run(world, each, count))
      heal(...world.nodes)
      const [all = []] = world.nodes.map(({ facts }) => allOf(facts))
      const [order = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), {
        numRuns: 1,
        seed,
      })
      check(world, order)
    })
    fc.assert(property, { numRuns: runs })
  }

  test('all nodes agree, in whatever order the facts came, and so does a cache made afterwards', () => {
    afterEachHistory((world, order) => {
      const [first, ...others] = world.nodes.map(({ users }) => seen(users, world))
      for (const other of others) expect(other).toEqual(first)
      expect(seen(read(order), world)).toEqual(first)
      const late = startNode('late')
      for (const fact of order) late.facts.insert([fact])
      expect(seen(late.users, world)).toEqual(first)
    })
  })

  test('all documents merge by plain Yjs updates, in whatever order, into the same users', () => {
    afterEachHistory((world) => {
      const reader = startNode('reader')
      for (const { doc } of world.nodes.toReversed()) Y.applyUpdate(reader.doc, Y.encodeStateAsUpdate(doc))
      expect(seen(reader.users, world)).toEqual(world.nodes.map(({ users }) => seen(users, world))[0])
    })
  })

  test('no registration disappears but by erasure, and none erased comes back', () => {
    afterEachHistory((world) => {
      for (const { users } of world.nodes) {
        expect(world.ids.filter((id) => users.get(id) === undefined).toSorted()).toEqual(
          [...world.erased].toSorted(),
        )
      }
    })
  })

  test('all sets hold the same, and of who was erased only the erasures', () => {
    afterEachHistory(({ nodes, erased }) => {
      expect(new Set(nodes.map(({ facts }) => facts.digest())).size).toBe(1)
      for (const { facts, doc } of nodes) {
        for (const id of erased) expect(facts.of(id)).toHaveLength(1)
        for (const key of doc.getMap('users').keys()) expect(facts.holds(key)).toBe(true)
      }
    })
  })

  test('no session that was ended is valid again on any node', () => {
    afterEachHistory(({ nodes, sessions }) => {
      for (const { users } of nodes)
        for (const { user, epoch } of sessions.filter(({ ended }) => ended))
          expect(users.get(user)?.sessionEpoch).not.toBe(epoch)
    })
  })

  test('whoever hears of all can change their password, be disabled, and be helped, whatever the clocks', () => {
    afterEachHistory(({ nodes, ids }) => {
      for (const [index, id] of ids.entries()) {
        const node = nodes[index % nodes.length]
        if (node?.users.get(id) === undefined) continue
        node.users.disable(id)
        node.users.changePassword(id, hashOf('right'))
        expect(node.users.enable(id).disabled).toBe(false)
      }
      heal(...nodes)
      for (const { users } of nodes)
        for (const id of ids)
          expect(users.get(id) ?? { passwordHash: hashOf('right'), disabled: false }).toMatchObject({
            passwordHash: hashOf('right'),
            disabled: false,
          })
    })
  })

  test('who was disabled last is disabled on every node', () => {
    afterEachHistory((world) => {
      for (const [id, last] of world.lastDisabling) {
        if (last === 'enable') continue
        for (const { users } of world.nodes) expect(users.get(id)?.disabled ?? true).toBe(true)
      }
    })
  })

  test('a name has exactly one owner, the same for whoever asks', () => {
    afterEachHistory((world) => {
      for (const name of names) {
        const [claims, ...others] = world.nodes.map(({ users }) =>
          users.claimants(name).map(({ id, claim }) => ({ id, claim })),
        )
        for (const other of others) expect(other).toEqual(claims)
        const expected =
          claims?.length === 1 ? ['sole'] : claims?.map((_claim, rank) => (rank === 0 ? 'owner' : 'loser'))
        expect(claims?.map(({ claim }) => claim)).toEqual(expected)
      }
    })
  })
})
