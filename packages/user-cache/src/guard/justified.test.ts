/** Deletions and tombstones: what the policy takes from others, and why each of them is safe. */
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { hashOf, judge, smuggle, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'
import { purgeOrigin } from '../erasure/purge.ts'

const ada = { username: 'Ada', passwordHash: hashOf('one') }
const accepted = { verdict: 'accept' }
const refused = { verdict: 'refuse' }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

const keysOf = ({ doc }: TestNode, user = ''): string[] =>
  [...doc.getMap('users').keys()].filter((key) => key.startsWith(user))

const place = (key: string, root = 'users') => ({ root, key })

describe('a foreign deletion', () => {
  const deleting = (...keys: readonly string[]) =>
    node.users.policy({ entries: [], deletions: keys.map((key) => place(key)), others: 0 })

  test('of a fact of a live user is refused, and of what is not there or not a fact', () => {
    const { id } = node.users.register(ada)
    const junk = `${id}/${testId('junk')}`
    smuggle(node, junk, 7)
    for (const key of [...keysOf(node), junk, `${id}/${testId('none')}`, 'x', '__proto__'])
      expect(deleting(key)).toMatchObject(refused)
  })

  test('of an erasure is refused, and of the facts of another user than the erased', () => {
    const { id } = node.users.register(ada)
    node.users.erase(id)
    expect(keysOf(node, id)).toHaveLength(1)
    expect(deleting(...keysOf(node, id))).toMatchObject(refused)
    const eva = node.users.register({ ...ada, username: 'Eva' })
    expect(deleting(...keysOf(node, eva.id))).toMatchObject(refused)
  })

  test('is accepted with the erasure in the same change, and not with that of somebody else', () => {
    const { id } = node.users.register(ada)
    const at = '019b79b3ac00-0000-9f86d081884c7d65'
    const erasing = (user: string) => ({
      entries: [{ ...place(`${user}/${testId('end')}`), value: { kind: 'erased', user, at } }],
      deletions: keysOf(node, id).map((key) => place(key)),
      others: 0,
    })
    expect(node.users.policy(erasing(id))).toEqual(accepted)
    expect(node.users.policy(erasing(testId('other')))).toMatchObject(refused)
  })

  test('is accepted once the user is erased in the document', () => {
    const { id } = node.users.register(ada)
    const keys = keysOf(node)
    // Within a transaction nothing is purged yet.
    node.doc.transact(() => {
      node.users.erase(id)
      expect(deleting(...keys)).toEqual(accepted)
    })
  })

  test('in another root is refused', () => {
    const deletions = [place('x', 'other')]
    expect(node.users.policy({ entries: [], deletions, others: 0 })).toMatchObject(refused)
  })
})

describe('a tombstone', () => {
  const factKeyOfUser = `${testId('user')}/${testId('fact')}`

  const burying = (key: string, root?: string) =>
    node.users.policy({ entries: [], deletions: [], tombstones: [place(key, root)], others: 0 })

  test('of a fact that nobody has heard of is accepted, though its erasure has not arrived', () => {
    expect(burying(factKeyOfUser)).toEqual(accepted)
  })

  test('under no key of a fact, or in another root, is refused', () => {
    expect(burying('anything')).toMatchObject(refused)
    expect(burying(factKeyOfUser, 'other')).toMatchObject(refused)
  })

  test('under the key of a live fact is refused, known here or in the same change', () => {
    const { id } = node.users.register(ada)
    for (const key of keysOf(node, id)) expect(burying(key)).toMatchObject(refused)
    const at = '019b79b3ac00-0000-9f86d081884c7d65'
    const entries = [{ ...place(factKeyOfUser), value: { kind: 'sessionsEnded', user: testId('user'), at } }]
    const change = { entries, deletions: [], tombstones: [place(factKeyOfUser)], others: 0 }
    expect(node.users.policy(change)).toMatchObject(refused)
  })
})

describe('told by a guard that knows how Yjs resolves', () => {
  test('the purge that a member gossips is accepted where the user is known, and changes nothing there', () => {
    const other = startNode('n2')
    const { id } = node.users.register(ada)
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(node.doc))
    const gossip: Uint8Array[] = []
    other.doc.on('update', (update: Uint8Array) => gossip.push(update))
    other.users.erase(id)
    expect(gossip).toHaveLength(2)
    for (const update of gossip) {
      expect(judge(node, update)).toEqual(accepted)
      Y.applyUpdate(node.doc, update)
    }
    expect(judge(node, Y.mergeUpdates(gossip))).toEqual(accepted)
    expect(Y.encodeStateAsUpdate(node.doc)).toEqual(Y.encodeStateAsUpdate(other.doc))
  })

  test('a tombstone from a higher client id, which would hide a live fact, is a deletion', () => {
    const { id } = node.users.register(ada)
    const [key = ''] = keysOf(node, id)
    const above = tombstoneFrom(2 ** 32 - 1, key)
    expect(judge(node, above)).toMatchObject(refused)
    Y.applyUpdate(node.doc, above)
    expect(node.users.get(id)).toBeUndefined()
  })

  test('a tombstone from a lower client id hides nothing, and is accepted', () => {
    const { id } = node.users.register(ada)
    const [key = ''] = keysOf(node, id)
    const below = tombstoneFrom(1, key)
    expect(judge(node, below)).toEqual(accepted)
    Y.applyUpdate(node.doc, below)
    expect(node.users.get(id)?.username).toBe('Ada')
  })

  test('a deletion of what has not arrived, which would swallow it, is refused', () => {
    const other = startNode('n2')
    other.users.register(ada)
    const before = Y.encodeStateVector(other.doc)
    other.doc.transact(() => other.doc.getMap('users').delete(keysOf(other)[0] ?? ''))
    const deletion = Y.encodeStateAsUpdate(other.doc, before)
    expect(judge(node, deletion)).toMatchObject(refused)
  })

  test('replacing a fact by the same again is refused, since it deletes the one that others hold', () => {
    node.users.register(ada)
    const peer = new Y.Doc()
    Y.applyUpdate(peer, Y.encodeStateAsUpdate(node.doc))
    const [[key = '', value] = []] = peer.getMap('users')
    peer.getMap('users').set(key, value)
    const update = Y.encodeStateAsUpdate(peer, Y.encodeStateVector(node.doc))
    expect(judge(node, update)).toMatchObject(refused)
  })

  test('garbage that names no key, or text, is refused', () => {
    const peer = new Y.Doc()
    const nested = peer.getMap('users').set(keyOfNobody, new Y.Map())
    nested.set('a', 1)
    peer.getMap('users').delete(keyOfNobody)
    expect(judge(node, Y.encodeStateAsUpdate(peer))).toMatchObject(refused)
    const text = new Y.Doc()
    text.getText('users').insert(0, 'x')
    expect(judge(node, Y.encodeStateAsUpdate(text))).toMatchObject(refused)
  })

  test('a fact that two members have imported apart stays, and whoever was away takes in both', () => {
    const { id } = node.users.register(ada)
    const [[key = '', value] = []] = node.doc.getMap('users')
    const [a, b, away] = [startNode('a'), startNode('b'), startNode('away')]
    for (const each of [a, b]) each.doc.getMap('users').set(key, value)
    for (const [into, from] of [
      [a, b],
      [b, a],
      [away, a],
      [away, b],
    ] as const) {
      const update = Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(into.doc))
      expect(judge(into, update)).toEqual(accepted)
      Y.applyUpdate(into.doc, update)
    }
    for (const { users } of [a, b, away]) expect(users.get(id)?.username).toBe('Ada')
  })
})

const keyOfNobody = `${testId('nobody')}/${testId('fact')}`

/** What a purge leaves of an entry, as if the member with that client id had written and deleted it. */
const tombstoneFrom = (clientId: number, key: string): Uint8Array => {
  const peer = new Y.Doc()
  peer.clientID = clientId
  peer.getMap('users').set(key, 1)
  peer.transact(() => peer.getMap('users').delete(key), purgeOrigin)
  return Y.encodeStateAsUpdate(peer)
}
