/** What no merge may harm: all histories of three nodes, on real documents. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { parseFact, parseFactKey } from './facts/fact.ts'
import { hashOf, heal, noon, pull, startNode } from './testing/kit.ts'
import type { TestNode } from './testing/kit.ts'
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
  readonly node: TestNode
  readonly epoch: string
  readonly issuedAt: number
  ended: 'no' | 'elsewhere' | 'sameNode'
}

/** Three nodes with clocks up to ten minutes apart, and what we know to be true of their history. */
const startWorld = () => {
  const clocks = [noon, noon + 30_000, noon - 600_000]
  const nodes = clocks.map((clock, index) => startNode(`n${index}`, { clock }))
  const updates: Uint8Array[] = []
  // Each node's own writes, once: merged updates have the document's applyUpdate as a remote transaction.
  for (const { doc } of nodes) {
    doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) updates.push(update)
    })
  }
  return {
    nodes,
    updates,
    ids: [] as string[],
    erased: new Set<string>(),
    lastDisabling: new Map<string, string>(),
    sessions: [] as Session[],
  }
}
type World = ReturnType<typeof startWorld>

const run = (world: World, { kind, node: index, user, name }: Step, count: number): void => {
  const node = world.nodes[index]
  const id = world.ids[user % Math.max(1, world.ids.length)] ?? ''
  if (node === undefined) return
  for (const each of world.nodes) each.clock += 1
  try {
    if (kind === 'register')
      world.ids.push(node.users.register({ username: name, passwordHash: hashOf(`${count}`) }).id)
    else if (kind === 'pull') pull(node, world.nodes[user % 3] ?? node)
    else if (kind === 'open') open(world, node, node.users.get(id))
    else if (kind === 'rename') node.users.rename(id, name)
    else if (kind === 'changePassword') node.users.changePassword(id, hashOf(`${count}`))
    else if (kind === 'rehash')
      node.users.rehash(id, hashOf(`${count}`), node.users.get(id)?.passwordHash ?? '')
    else node.users[kind](id)
    note(world, kind, id, node)
  } catch (error) {
    expect(['UNKNOWN_USER', 'USERNAME_TAKEN']).toContain(codeOf(error))
  }
}

const open = (world: World, node: TestNode, user: User | undefined): void => {
  if (user === undefined) return
  world.sessions.push({ user: user.id, node, epoch: user.sessionEpoch, issuedAt: node.clock, ended: 'no' })
}

const note = (world: World, kind: Step['kind'], id: string, node: TestNode): void => {
  if (kind === 'erase') world.erased.add(id)
  if (kind === 'disable' || kind === 'enable') world.lastDisabling.set(id, kind)
  if (!endings.has(kind)) return
  for (const session of world.sessions.filter(({ user }) => user === id)) {
    if (session.node === node) session.ended = 'sameNode'
    else if (session.ended === 'no') session.ended = 'elsewhere'
  }
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

const merged = (updates: readonly Uint8Array[]): UserCache => {
  const { doc, users } = startNode('reader')
  for (const update of updates) Y.applyUpdate(doc, update)
  return users
}

describe('for all histories', () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' })

  const afterEachHistory = (check: (world: World, shuffleSeed: number) => void): void => {
    const property = fc.property(steps, fc.nat(), (history, seed) => {
      const world = startWorld()
      history.forEach((each, count) => run(world, each, count))
      heal(...world.nodes)
      check(world, seed)
    })
    fc.assert(property, { numRuns: 300 })
  }

  test('all nodes agree, in whatever order the updates came, and so does a cache made afterwards', () => {
    afterEachHistory((world, seed) => {
      const [first, ...others] = world.nodes.map(({ users }) => seen(users, world))
      for (const other of others) expect(other).toEqual(first)
      const order = fc.sample(fc.shuffledSubarray(world.updates, { minLength: world.updates.length }), {
        numRuns: 3,
        seed,
      })
      for (const updates of order) expect(seen(merged(updates), world)).toEqual(first)
      for (const { doc } of world.nodes) {
        expect(seen(createUserCache({ doc, nodeId: 'late' }), world)).toEqual(first)
      }
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

  test('all documents hold the same, and of who was erased only the erasures', () => {
    afterEachHistory((world) => {
      const [first, ...others] = world.nodes.map(({ doc }) => Y.snapshot(doc))
      for (const other of others) expect(first && Y.equalSnapshots(first, other)).toBe(true)
      for (const { doc } of world.nodes) {
        const left = [...doc.getMap('users')]
          .filter(([key]) => world.erased.has(parseFactKey(key)?.user ?? ''))
          .map(([, value]) => parseFact(value))
        for (const each of left) expect(each).toMatchObject({ fact: { kind: 'erased' } })
        expect(left.length).toBeGreaterThanOrEqual(world.erased.size)
      }
    })
  })

  test('no session that was ended is valid again on any node', () => {
    afterEachHistory((world) => {
      for (const { users } of world.nodes) {
        for (const { user: id, epoch, issuedAt, ended } of world.sessions) {
          const user = users.get(id)
          if (user === undefined || ended === 'no') continue
          expect(user.sessionEpoch).not.toBe(epoch)
          expect(ended === 'sameNode' ? issuedAt : 0).toBeLessThanOrEqual(user.sessionsValidAfter)
        }
      }
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
