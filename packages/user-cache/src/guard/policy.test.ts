import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashOf, smuggle, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'

const user = testId('user')
const factKeyOfUser = `${user}/${testId('fact')}`
const at = '019b79b3ac00-0000-9f86d081884c7d65'
const fact = { kind: 'registered', user: user, at: at, username: 'Ada', passwordHash: hashOf('secret') }

describe('the policy', () => {
  let node: TestNode
  beforeEach(() => {
    node = startNode('n1')
  })

  const judge = (...entries: readonly (readonly [key: string, value: unknown, root?: string])[]) => {
    const given = entries.map(([key, value, root = 'users']) => ({ root, key, value }))
    return node.users.policy({ entries: given, deletions: [], others: 0 })
  }

  test('accepts what another node writes', () => {
    const other = startNode('n2')
    const { id } = other.users.register({ username: 'Ada', passwordHash: hashOf('one') })
    other.users.changePassword(id, hashOf('two'))
    other.users.rehash(id, hashOf('two, anew'), hashOf('two'))
    other.users.disable(id)
    other.users.enable(id)
    other.users.endSessions(id)
    other.users.rename(id, 'Eva')
    const before = [...other.doc.getMap('users')]
    other.users.erase(id)
    const entries = [...before, ...other.doc.getMap('users')]
    expect(entries).toHaveLength(8)
    expect(judge(...entries)).toEqual({ verdict: 'accept' })
  })

  test('accepts nothing to do', () => {
    expect(judge()).toEqual({ verdict: 'accept' })
  })

  test.each([
    ['another root', [factKeyOfUser, fact, 'admins']],
    ['a key of another user', [`${testId('other')}/${testId('fact')}`, fact]],
    ['a key with no fact id', [user, fact]],
    ['the key __proto__', ['__proto__', fact]],
    ['a malformed fact', [factKeyOfUser, { ...fact, username: '' }]],
    ['a fact with an extra key', [factKeyOfUser, { ...fact, admin: true }]],
    ['a nested type', [factKeyOfUser, new Map([['kind', 'registered']])]],
  ] as const)('refuses %s', (_what, entry) => {
    expect(judge(entry)).toMatchObject({ verdict: 'refuse' })
  })

  test('refuses all for one bad entry', () => {
    expect(judge([factKeyOfUser, fact], [factKeyOfUser, null])).toMatchObject({ verdict: 'refuse' })
  })

  test('refuses to overwrite a fact, and accepts the same again', () => {
    smuggle(node, factKeyOfUser, fact)
    expect(judge([factKeyOfUser, { ...fact }])).toEqual({ verdict: 'accept' })
    expect(judge([factKeyOfUser, { ...fact, username: 'Eva' }])).toMatchObject({
      reason: 'a fact is never overwritten',
    })
  })

  test('refuses to overwrite within one change', () => {
    expect(judge([factKeyOfUser, fact], [factKeyOfUser, { ...fact, username: 'Eva' }])).toMatchObject({
      verdict: 'refuse',
    })
  })

  test('refuses whatever is not an entry of a root map', () => {
    expect(node.users.policy({ entries: [], deletions: [], others: 1 })).toMatchObject({ verdict: 'refuse' })
  })

  test('never throws and never shows a hash, whatever it is given', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.constantFrom({ ...fact, at: 'x' }, { ...fact, passwordHash: 'hunter2' }),
    )
    const quiet = fc.property(fc.string(), value, (key, value) => {
      const verdict = judge([key, value])
      expect(verdict.verdict).toBe('refuse')
      expect(JSON.stringify(verdict)).not.toMatch(/argon2id\$v|hunter2/)
    })
    fc.assert(quiet)
  })
})
