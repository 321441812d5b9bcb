/** What another member can say of a person, by mistake, by a broken clock, or to do harm. */
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { latestMs } from './clock/stamp.ts'
import { emptySet, hashOf, noon, said, smuggle, stampAt, startNode, testId } from './testing/kit.ts'
import type { TestNode } from './testing/kit.ts'
import { createUserCache } from './user-cache.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

describe('what is not read', () => {
  test('is held, counted by its reason, shown by its key, and gone with its person', () => {
    const user = node.users.register(adaRegistration)
    const hashes = Array.from({ length: 7 }, () => smuggle(node, user.id, said('promoted')))
    smuggle(node, user.id, 'no JSON')
    expect(node.users.get(user.id)).toEqual(user)
    const { unknownKind, noObject } = node.users.unread()
    expect(unknownKind).toEqual({
      count: 7,
      examples: hashes.slice(0, 5).map((hash) => `${user.id}/.${hash}`),
    })
    expect(noObject?.count).toBe(1)
    expect(node.facts.size).toBe(9)
    node.users.erase(user.id)
    expect(node.users.unread()).toEqual({})
  })

  test('is told again after a restart, once for each reason', () => {
    const keys = [said('promoted'), said('promoted')].map((each) => smuggle(node, testId('user'), each))
    const told: string[][] = []
    const onUnread = (...each: string[]): void => void told.push(each)
    const again = createUserCache({ facts: node.facts, nodeId: 'n1', onUnread })
    expect(told).toEqual([['unknownKind', `${testId('user')}/.${keys[0]}`]])
    expect(again.unread()).toEqual(node.users.unread())
    expect(again.unread().unknownKind?.count).toBe(2)
  })

  test('takes no name and no place', () => {
    smuggle(node, testId('user'), { ...said('registered'), ...adaRegistration, admin: true })
    smuggle(node, 'not-a-user', { ...said('registered'), ...adaRegistration })
    expect(node.users.size).toBe(0)
    expect(node.users.unread()).toMatchObject({ otherFields: { count: 1 }, noUser: { count: 1 } })
    expect(node.users.register(adaRegistration).claim).toBe('sole')
  })

  test('of the map, which is no fact at all, is taken out again by the set', () => {
    const peer = new Y.Doc()
    peer.getMap('users').set(`${testId('user')}/x`, { kind: 'erased' })
    Y.applyUpdate(node.doc, Y.encodeStateAsUpdate(peer))
    expect(node.doc.getMap('users').size).toBe(0)
    expect(node.users.unread()).toEqual({})
  })
})

describe('a stamp at the end or the beginning of time', () => {
  const stamps = {
    end: stampAt(latestMs, 0xffff),
    beginning: stampAt(0),
    'never written': 'ffffffffffff-ffff-0000000000000000',
  }

  test.each(Object.entries(stamps))(
    '(%s) leaves the person their password, and all that they can do',
    (_which, at) => {
      const { id } = node.users.register(adaRegistration)
      for (const kind of ['sessionsEnded', 'disabled', 'enabled'])
        smuggle(node, id, { ...said(kind), at, ...(kind === 'enabled' ? { lifts: [] } : {}) })
      smuggle(node, id, { ...said('renamed'), at, username: 'Eva' })
      expect(node.users.get(id)?.passwordHash).toBe(adaRegistration.passwordHash)
      expect(node.users.enable(id).disabled).toBe(false)
      expect(node.users.rename(id, 'Bob').username).toBe('Bob')
      expect(node.users.changePassword(id, hashOf('two')).passwordHash).toBe(hashOf('two'))
      expect(node.users.rehash(id, hashOf('two, anew'), hashOf('two')).passwordHash).toBe(hashOf('two, anew'))
      const { sessionEpoch } = node.users.endSessions(id)
      expect(node.users.endSessions(id).sessionEpoch).not.toBe(sessionEpoch)
      expect(node.users.disable(id).disabled).toBe(true)
      expect(() => node.users.erase(id)).not.toThrow()
    },
  )

  test('of a foreign password counts until somebody who knows of it changes it again', () => {
    const { id } = node.users.register(adaRegistration)
    smuggle(node, id, { ...said('passwordChanged'), at: stamps.end, passwordHash: hashOf('theirs') })
    expect(node.users.get(id)?.passwordHash).toBe(hashOf('theirs'))
    expect(node.users.changePassword(id, hashOf('mine')).passwordHash).toBe(hashOf('mine'))
  })

  test('does not drag the clock', () => {
    const { id } = node.users.register(adaRegistration)
    smuggle(node, id, { ...said('sessionsEnded'), at: stamps.end })
    expect(node.users.register({ ...adaRegistration, username: 'Eva' }).registeredAt).toBe(noon)
  })
})

describe('very many facts of one person', () => {
  test('that do not know of each other are superseded all the same, in one change', () => {
    const { id } = node.users.register(adaRegistration)
    for (let n = 0; n < 1_000; n += 1) {
      smuggle(node, id, { ...said('passwordChanged'), at: stampAt(latestMs), passwordHash: hashOf(`${n}`) })
      smuggle(node, id, said('disabled'))
    }
    let changes = 0
    node.facts.onChange(() => (changes += 1))
    expect(node.users.changePassword(id, hashOf('mine')).passwordHash).toBe(hashOf('mine'))
    expect(node.users.enable(id).disabled).toBe(false)
    // Each in one go: were each fact a change, 20,000 would hold the event loop for half a minute.
    expect(changes).toBe(2)
    const again = createUserCache({ facts: node.facts, nodeId: 'n2' })
    expect(again.get(id)).toEqual(node.users.get(id))
    expect(node.users.unread()).toEqual({})
  })

  test('20,000 ended sessions hold no event loop: one more costs what the first did', () => {
    const facts = emptySet()
    const pace = { changesPerMinute: 100_000, changesPerLife: 1_000_000 }
    const users = createUserCache({ facts, nodeId: 'n1', ...pace })
    users.on('user:changed', () => undefined)
    const { id } = users.register(adaRegistration)
    const took = Array.from({ length: 20_000 }, () => {
      const started = performance.now()
      users.endSessions(id)
      return performance.now() - started
    })
    const slowest = took.slice(-1_000).sort((a, b) => a - b)
    // The median: others use this machine, too. 87 ms before histories were folded fact by fact.
    expect(slowest[500]).toBeLessThan(5)
    expect(users.get(id)?.sessionEpoch).toHaveLength(22)
  })
})
