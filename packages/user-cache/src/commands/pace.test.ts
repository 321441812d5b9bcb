import { describe, expect, test } from 'vitest'
import { TooManyChangesError } from '../errors.ts'
import { createUserCache } from '../user-cache.ts'
import { emptySet, hashOf, noon, said, smuggle, startNode } from '../testing/kit.ts'
import { slowPaceMs } from '@grapevine/std'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

describe('what people do to their own account', () => {
  const userCacheWith = (changesPerMinute: number) =>
    createUserCache({ facts: emptySet(), nodeId: 'n1', now: () => noon, changesPerMinute })

  test('is limited, with a clear answer and nothing written; what operators do is not', () => {
    const users = userCacheWith(2)
    const { id } = users.register(adaRegistration)
    users.endSessions(id)
    users.changePassword(id, hashOf('two'))
    const before = users.get(id)
    for (const change of [
      () => users.endSessions(id),
      () => users.changePassword(id, hashOf('three')),
      () => users.rename(id, 'Eva'),
    ])
      expect(change).toThrow(expect.objectContaining({ code: 'TOO_MANY_CHANGES', retryAfterMs: 30_000 }))
    expect(users.rehash(id, hashOf('two, anew'), hashOf('two'))).toBe(before)
    expect(users.get(id)).toBe(before)
    expect(users.disable(id).disabled).toBe(true)
    expect(users.enable(id).disabled).toBe(false)
    users.erase(id)
    expect(users.size).toBe(0)
  })

  test('is slowed down, not ended, by ten thousand facts that somebody else has made of them', () => {
    const node = startNode('n1', { changesPerLife: 50 })
    const { id } = node.users.register(adaRegistration)
    for (let count = 0; count < 60; count += 1) smuggle(node, id, said('promoted'))
    expect(node.users.changePassword(id, hashOf('two')).passwordHash).toBe(hashOf('two'))
    expect(() => node.users.endSessions(id)).toThrow(TooManyChangesError)
    node.clock += slowPaceMs
    expect(() => node.users.endSessions(id)).not.toThrow()
  })
})
