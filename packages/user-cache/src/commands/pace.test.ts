import { describe, expect, test } from 'vitest'
import { TooManyChangesError } from '../errors.ts'
import { createUserCache } from '../user-cache.ts'
import { emptySet, hashOf, noon, said, smuggle, startNode } from '../testing/kit.ts'
import { createPace, slowMs } from './pace.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

const paceAt = (wall: { ms: number }, facts = 0) =>
  createPace({ now: () => wall.ms, changesPerMinute: 3, changesPerLife: 100, factsOf: () => facts })

describe('an account', () => {
  test('changes so often within a minute, and then as often as tokens come', () => {
    const wall = { ms: noon }
    const pace = paceAt(wall)
    for (let count = 0; count < 3; count += 1) pace.take('ada')
    expect(pace.allows('ada')).toBe(false)
    expect(() => pace.take('ada')).toThrow(expect.objectContaining({ retryAfterMs: 20_000 }))
    pace.take('bob')
    wall.ms += 20_000
    pace.take('ada')
    expect(() => pace.take('ada')).toThrow(TooManyChangesError)
    wall.ms += 3_600_000
    for (let count = 0; count < 3; count += 1) pace.take('ada')
    expect(() => pace.take('ada')).toThrow(TooManyChangesError)
  })

  test('of which very much was said goes slowly, and is never shut out', () => {
    const wall = { ms: noon }
    const pace = paceAt(wall, 100)
    pace.take('ada')
    expect(() => pace.take('ada')).toThrow(expect.objectContaining({ retryAfterMs: slowMs }))
    wall.ms += slowMs
    expect(() => pace.take('ada')).not.toThrow()
  })

  test('is not shut out by a clock that steps back', () => {
    const wall = { ms: noon }
    const pace = paceAt(wall)
    for (let count = 0; count < 3; count += 1) pace.take('ada')
    wall.ms -= 86_400_000
    expect(() => pace.take('ada')).toThrow(TooManyChangesError)
    wall.ms += 20_000
    expect(() => pace.take('ada')).not.toThrow()
  })
})

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
    node.clock += slowMs
    expect(() => node.users.endSessions(id)).not.toThrow()
  })
})
