import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { hashOf, heal, noon, pull, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'
import { purgeOrigin } from './purge.ts'

const ada = { username: 'Ada', passwordHash: hashOf('one') }
const evaRegistration = { username: 'Eva', passwordHash: hashOf('two') }

let a: TestNode
let b: TestNode
beforeEach(() => {
  a = startNode('a')
  b = startNode('b')
})

/** Ada as she was renamed and changed, with every personal value that ever was in the document. */
const registerAda = (): { id: string; personal: readonly string[] } => {
  const { id } = a.users.register(ada)
  a.users.rename(id, 'Augusta')
  a.users.changePassword(id, hashOf('new'))
  a.users.rehash(id, hashOf('anew'), hashOf('new'))
  return { id, personal: ['Ada', 'Augusta', ...['one', 'new', 'anew'].map(hashOf)] }
}

const traces = ({ doc }: TestNode, personal: readonly string[]): readonly string[] => {
  const bytes = Buffer.from(Y.encodeStateAsUpdate(doc))
  return personal.filter((value) => bytes.includes(value))
}

const factsOf = ({ doc }: TestNode, id: string): readonly unknown[] =>
  [...doc.getMap('users')].filter(([key]) => key.startsWith(id)).map(([, value]) => value)

const originsOf = ({ doc }: TestNode): unknown[] => {
  const origins: unknown[] = []
  doc.on('update', (_update: Uint8Array, origin: unknown) => origins.push(origin))
  return origins
}

describe('an erasure', () => {
  test('leaves no name and no hash in the document of any member', () => {
    const { id, personal } = registerAda()
    heal(a, b)
    expect(traces(b, personal)).toEqual(personal)
    a.users.erase(id)
    expect(traces(a, personal)).toEqual([])
    heal(a, b)
    expect(traces(b, personal)).toEqual([])
    for (const node of [a, b]) {
      expect(factsOf(node, id)).toEqual([{ kind: 'erased', user: id, at: expect.any(String) }])
    }
  })

  test('deletes in a transaction of its own, once, under its origin', () => {
    const { id } = registerAda()
    const origins = originsOf(a)
    a.doc.transact(() => {
      a.users.erase(id)
      expect(factsOf(a, id).length).toBeGreaterThan(1)
    }, 'mine')
    expect(origins).toEqual(['mine', purgeOrigin])
    expect(factsOf(a, id)).toHaveLength(1)
  })

  test('is derived by each node; deletions that another has made already change nothing', () => {
    const { id } = registerAda()
    heal(a, b)
    const origins = originsOf(b)
    // First only the erasure, as gossip brings it, and then all that the other has deleted.
    const gossip: Uint8Array[] = []
    a.doc.on('update', (update: Uint8Array) => gossip.push(update))
    a.users.erase(id)
    for (const update of gossip) Y.applyUpdate(b.doc, update, 'theirs')
    expect(origins).toEqual(['theirs', purgeOrigin])
    expect(Y.equalSnapshots(Y.snapshot(a.doc), Y.snapshot(b.doc))).toBe(true)
  })

  test('tells of the user once, and a listener may write', () => {
    const { id } = registerAda()
    const told: string[] = []
    a.users.on('user:erased', (event) => {
      told.push(event.id)
      a.users.register({ ...evaRegistration, username: 'Ada' })
    })
    a.users.erase(id)
    expect(told).toEqual([id])
    expect(a.users.claimants('Ada').map(({ claim }) => claim)).toEqual(['sole'])
    expect(factsOf(a, id)).toHaveLength(1)
  })

  test('touches no other account: neither its facts nor its session epoch', () => {
    const { id } = registerAda()
    const { id: eva } = a.users.register(evaRegistration)
    const before = a.users.endSessions(eva)
    const facts = factsOf(a, eva)
    a.users.erase(id)
    heal(a, b)
    for (const node of [a, b]) {
      expect(node.users.get(eva)).toEqual(before)
      expect(factsOf(node, eva)).toEqual(facts)
    }
  })

  test('made twice, on both sides of a split, stays in both', () => {
    const { id } = registerAda()
    heal(a, b)
    for (const node of [a, b]) node.users.erase(id)
    heal(a, b)
    for (const node of [a, b]) expect(factsOf(node, id)).toHaveLength(2)
  })
})

describe('a member that was away', () => {
  test('does not bring an erased user back, whatever it wrote meanwhile, and whoever speaks first', () => {
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      ;[a, b] = [startNode('a'), startNode('b', { clock: noon + 60_000 })]
      const { id, personal } = registerAda()
      heal(a, b)
      a.users.erase(id)
      b.users.rename(id, 'Byron')
      b.users.changePassword(id, hashOf('late'))
      b.users.enable(id)
      heal(...order.map((name) => (name === 'a' ? a : b)))
      for (const node of [a, b]) {
        expect(node.users.get(id)).toBeUndefined()
        expect(traces(node, [...personal, 'Byron', hashOf('late')])).toEqual([])
      }
    }
  })

  test('or that is new takes in what is left of users that it never had', () => {
    const { id, personal } = registerAda()
    const eva = a.users.register(evaRegistration)
    a.users.erase(id)
    pull(b, a)
    expect(b.users.get(eva.id)).toEqual(eva)
    expect(traces(b, personal)).toEqual([])
    const c = startNode('c')
    pull(c, b)
    expect(Y.equalSnapshots(Y.snapshot(a.doc), Y.snapshot(c.doc))).toBe(true)
  })

  test('and hands on a late fact passes it to nobody for longer than its arrival', () => {
    const { id } = registerAda()
    heal(a, b)
    a.users.erase(id)
    b.users.rename(id, 'Byron')
    const c = startNode('c')
    pull(c, b)
    expect(c.users.get(id)?.username).toBe('Byron')
    heal(a, b, c)
    for (const node of [a, b, c]) expect(traces(node, ['Byron'])).toEqual([])
  })
})

describe('what is left', () => {
  test('is a tombstone under the key, which holds two random ids and nothing personal: never nameless garbage', () => {
    const { id } = registerAda()
    a.users.erase(id)
    const { structs } = Y.decodeUpdate(Y.encodeStateAsUpdate(a.doc))
    expect(structs).toHaveLength(5)
    for (const struct of structs) {
      expect(struct).toMatchObject({
        length: 1,
        parent: 'users',
        parentSub: expect.stringMatching(`^${id}/`),
      })
    }
  })

  test('is found and purged in a document from before, or restored from an old disk', () => {
    const { id, personal } = registerAda()
    const old = Y.encodeStateAsUpdate(a.doc)
    a.users.close()
    const at = '019b79b3ac00-0000-9f86d081884c7d65'
    a.doc.getMap('users').set(`${id}/${testId('end')}`, { kind: 'erased', user: id, at })
    expect(traces(a, personal)).toEqual(personal)
    createUserCache({ doc: a.doc, nodeId: 'again' })
    expect(traces(a, personal)).toEqual([])
    Y.applyUpdate(a.doc, old)
    expect(traces(a, personal)).toEqual([])
  })
})
