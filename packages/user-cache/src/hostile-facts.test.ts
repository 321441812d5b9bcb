/** What gets into the document past the guard, or from a member whose clock is broken. */
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { hashOf, noon, smuggle, startNode, testId } from './testing/kit.ts'
import type { TestNode } from './testing/kit.ts'
import { encodeStamp, nodeTag } from './clock/stamp.ts'
import { createUserCache } from './user-cache.ts'

const ada = { username: 'Ada', passwordHash: hashOf('one') }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

describe('what lies malformed in the document', () => {
  const someUser = testId('user')
  const someKey = `${someUser}/${testId('fact')}`
  const at = encodeStamp({ ms: noon, counter: 0 }, nodeTag('x'))
  const fact = { kind: 'registered', user: someUser, at: at, ...ada }

  test.each([
    ['a number', someKey, 7],
    ['null', someKey, null],
    ['a nested map', someKey, new Y.Map()],
    ['a fact of another user', someKey, { ...fact, user: testId('other') }],
    ['the key __proto__', '__proto__', fact],
    [
      'a __proto__ among the fields',
      someKey,
      JSON.parse(`{"__proto__":{"kind":"registered"},"user":"${someUser}"}`),
    ],
    ['a fact of no known kind', someKey, { ...fact, kind: 'promoted' }],
  ])('is ignored: %s', (_what, key, value) => {
    smuggle(node, key, value)
    expect(node.users.size).toBe(0)
    expect(createUserCache({ doc: node.doc, nodeId: 'n2' }).size).toBe(0)
    expect(node.users.register(ada).claim).toBe('sole')
  })

  test('is ignored beside a user who is well', () => {
    const user = node.users.register(ada)
    smuggle(node, `${user.id}/${testId('fact')}`, { kind: 'erased', user: user.id, at: 'never' })
    expect(node.users.get(user.id)).toBe(user)
  })
})

describe('a far future stamp', () => {
  const far = encodeStamp({ ms: Date.UTC(2200, 0), counter: 0 }, nodeTag('broken'))

  test('does not drag the clock, and its fact counts', () => {
    const { id } = node.users.register(ada)
    const change = { kind: 'passwordChanged', user: id, at: far, passwordHash: hashOf('future') }
    smuggle(node, `${id}/${testId('future')}`, change)
    expect(node.users.get(id)?.passwordHash).toBe(hashOf('future'))
    expect(node.users.register({ ...ada, username: 'Eva' }).registeredAt).toBe(noon)
  })

  test('does not stop a later change of the same user', () => {
    const { id } = node.users.register(ada)
    const change = { kind: 'passwordChanged', user: id, at: far, passwordHash: hashOf('future') }
    smuggle(node, `${id}/${testId('future')}`, change)
    expect(node.users.changePassword(id, hashOf('now')).passwordHash).toBe(hashOf('now'))
  })

  test('even the last there is does not stop ending, disabling and erasing', () => {
    const { id } = node.users.register(ada)
    const last = encodeStamp({ ms: 2 ** 48 - 1, counter: 0xffff }, nodeTag('broken'))
    smuggle(node, `${id}/${testId('last')}`, { kind: 'renamed', user: id, at: last, username: 'Eva' })
    expect(() => node.users.rename(id, 'Ada')).toThrow(
      expect.objectContaining({ code: 'CLOCK_OUT_OF_RANGE' }),
    )
    expect(node.users.endSessions(id).sessionsValidAfter).toBe(noon)
    expect(node.users.disable(id).disabled).toBe(true)
    expect(() => node.users.erase(id)).not.toThrow()
  })
})
