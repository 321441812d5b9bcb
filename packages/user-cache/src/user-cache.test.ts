import { factOf, type FactSet } from '@grapevine/facts'
import { beforeEach, describe, expect, test } from 'vitest'
import { emptySet, hashOf, noon, pull, startNode, testId } from './testing/kit.ts'
import type { TestNode } from './testing/kit.ts'
import { encodeStamp, nodeTag } from './clock/stamp.ts'
import { writeFact } from './facts/fact.ts'
import { createUserCache } from './user-cache.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

describe('registering', () => {
  test('answers with the user, who is found by id and by name at once', () => {
    const user = node.users.register(adaRegistration)
    expect(user).toEqual({
      id: user.id,
      ...adaRegistration,
      registeredAt: noon,
      sessionEpoch: 'none',
      disabled: false,
      claim: 'sole',
    })
    expect(node.users.get(user.id)).toBe(user)
    expect(node.users.claimants('ADA')).toEqual([user])
    expect(node.users.size).toBe(1)
  })

  test('refuses a name that is taken in another spelling, and writes nothing', () => {
    node.users.register(adaRegistration)
    const before = node.facts.digest()
    expect(() => node.users.register({ ...adaRegistration, username: 'ＡＤＡ' })).toThrow(
      expect.objectContaining({ code: 'USERNAME_TAKEN' }),
    )
    expect(node.facts.digest()).toBe(before)
  })

  test('refuses it also twice within one transaction of the caller', () => {
    node.doc.transact(() => {
      node.users.register(adaRegistration)
      expect(() => node.users.register(adaRegistration)).toThrow(
        expect.objectContaining({ code: 'USERNAME_TAKEN' }),
      )
    })
    expect(node.users.size).toBe(1)
  })

  test('refuses a malformed name and a malformed hash without showing the hash', () => {
    const invalid = { ...adaRegistration, username: 'a b' }
    expect(() => node.users.register(invalid)).toThrow(expect.objectContaining({ code: 'INVALID_USERNAME' }))
    const clear = { ...adaRegistration, passwordHash: 'hunter2' }
    expect(() => node.users.register(clear)).toThrow(
      expect.objectContaining({ code: 'INVALID_PASSWORD_HASH' }),
    )
    expect(() => node.users.register(clear)).not.toThrow(/hunter2/)
  })

  test('takes a name that a rename or an erasure has set free', () => {
    const first = node.users.register(adaRegistration)
    node.users.rename(first.id, 'Eva')
    const second = node.users.register(adaRegistration)
    node.users.erase(second.id)
    expect(node.users.register(adaRegistration).claim).toBe('sole')
  })
})

describe('changing', () => {
  test('a password ends the sessions opened before', () => {
    const { id } = node.users.register(adaRegistration)
    const user = node.users.changePassword(id, hashOf('two'))
    expect(user.passwordHash).toBe(hashOf('two'))
    expect(user.sessionEpoch).not.toBe('none')
  })

  test('the hash of a password ends no session and counts until the next password', () => {
    const { id, passwordHash } = node.users.register(adaRegistration)
    expect(node.users.rehash(id, hashOf('one, anew'), passwordHash)).toMatchObject({
      passwordHash: hashOf('one, anew'),
      sessionEpoch: 'none',
    })
    expect(node.users.changePassword(id, hashOf('two')).passwordHash).toBe(hashOf('two'))
    expect(node.users.rehash(id, hashOf('two, anew'), hashOf('two')).passwordHash).toBe(hashOf('two, anew'))
  })

  test('the hash of a password that was changed while it was verified writes nothing', () => {
    const { id, passwordHash: verified } = node.users.register(adaRegistration)
    const changed = node.users.changePassword(id, hashOf('two'))
    expect(node.users.rehash(id, hashOf('one, anew'), verified)).toBe(changed)
    expect(node.users.get(id)).toBe(changed)
  })

  test('the hash to none, or of nobody, is refused', () => {
    const { id, passwordHash } = node.users.register(adaRegistration)
    expect(() => node.users.rehash(id, 'hunter2', passwordHash)).toThrow(
      expect.objectContaining({ code: 'INVALID_PASSWORD_HASH' }),
    )
    expect(() => node.users.rehash(testId('nobody'), hashOf('one'), passwordHash)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_USER' }),
    )
  })

  test('a name to one that is taken is refused, a new spelling of the own is not', () => {
    const { id } = node.users.register(adaRegistration)
    node.users.register({ ...adaRegistration, username: 'Eva' })
    expect(() => node.users.rename(id, 'EVA')).toThrow(expect.objectContaining({ code: 'USERNAME_TAKEN' }))
    expect(node.users.rename(id, 'ADA').username).toBe('ADA')
  })

  test('a password twice within one millisecond keeps the second', () => {
    const { id } = node.users.register(adaRegistration)
    node.users.changePassword(id, hashOf('two'))
    expect(node.users.changePassword(id, hashOf('three')).passwordHash).toBe(hashOf('three'))
  })

  test('disabling and enabling end the sessions, so that enabling revives none', () => {
    const { id } = node.users.register(adaRegistration)
    const { sessionEpoch: atFirst } = node.users.endSessions(id)
    const { sessionEpoch: disabled } = node.users.disable(id)
    const enabled = node.users.enable(id)
    expect(enabled).toMatchObject({ disabled: false })
    expect(new Set([atFirst, disabled, enabled.sessionEpoch]).size).toBe(3)
  })

  test('enabling lifts every disabling known, and writes nothing when there is none', () => {
    const { id } = node.users.register(adaRegistration)
    node.users.disable(id)
    node.users.disable(id)
    const enabled = node.users.enable(id)
    expect(enabled.disabled).toBe(false)
    expect(node.users.enable(id)).toBe(enabled)
  })

  test('an erased user is nowhere, and cannot be changed', () => {
    const { id } = node.users.register(adaRegistration)
    node.users.erase(id)
    expect(node.users.get(id)).toBeUndefined()
    expect(node.users.claimants('Ada')).toEqual([])
    expect(node.users.size).toBe(0)
    expect(() => node.users.erase(id)).toThrow(expect.objectContaining({ code: 'UNKNOWN_USER' }))
  })

  test.each(['endSessions', 'disable', 'enable', 'erase'] as const)(
    '%s of an unknown user is refused',
    (change) => {
      expect(() => node.users[change](testId('nobody'))).toThrow(
        expect.objectContaining({ code: 'UNKNOWN_USER' }),
      )
    },
  )

  test('a user that the caller holds does not change under their hands', () => {
    const user = node.users.register(adaRegistration)
    node.users.disable(user.id)
    expect(user.disabled).toBe(false)
    expect(Object.isFrozen(user)).toBe(true)
  })
})

describe('looking up', () => {
  test.each(['', 'a b', 'x'.repeat(10_000), '\u202e'])(
    'the malformed name %j finds nobody and does not throw',
    (name) => {
      expect(node.users.claimants(name)).toEqual([])
    },
  )

  test.each(['__proto__', 'constructor', ''])('the id %j finds nobody', (id) => {
    expect(node.users.get(id)).toBeUndefined()
  })

  test('a cache over a document that has users already finds them', () => {
    const { id } = node.users.register(adaRegistration)
    const reloaded = createUserCache({ facts: node.facts, nodeId: 'n1' })
    expect(reloaded.get(id)).toEqual(node.users.get(id))
  })

  test('20,000 users load in no time', () => {
    const facts = emptySet()
    facts.insert(
      Array.from({ length: 20_000 }, (_, n) => {
        const at = encodeStamp({ ms: noon + n, counter: 0 }, nodeTag('n1'))
        const common = { at, salt: testId(`s${n}`), after: [] }
        const registration = {
          kind: 'registered',
          username: `user${n}`,
          passwordHash: hashOf('one'),
        } as const
        return factOf(testId(`u${n}`), writeFact(registration, common))
      }),
    )
    // Some 0.1 s on two idle cores; the bound only tells linear from quadratic.
    expect(timeToLoad(facts)).toBeLessThan(10_000)
  }, 120_000)
})

describe('a closed cache', () => {
  test('hears nothing, and refuses to write', () => {
    const { id } = node.users.register(adaRegistration)
    const other = startNode('n2')
    pull(other, node)
    node.users.close()
    other.users.disable(id)
    pull(node, other)
    expect(node.users.get(id)?.disabled).toBe(false)
    expect(() => node.users.disable(id)).toThrow(expect.objectContaining({ code: 'CACHE_CLOSED' }))
    expect(() => node.users.erase(id)).toThrow(expect.objectContaining({ code: 'CACHE_CLOSED' }))
  })
})

describe('an option', () => {
  test.each([{ nodeId: '' }, { nodeId: 'x'.repeat(257) }, { nodeId: 'n1', maxDriftMs: -1 }])(
    '%j is refused',
    (bad) => {
      expect(() => createUserCache({ facts: emptySet(), ...bad })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    },
  )

  test('that there is not is refused by its name', () => {
    const options = { facts: emptySet(), nodeId: 'n1', maxDrift: 5 }
    expect(() => createUserCache(options)).toThrow('maxDrift is unknown; allowed: facts, nodeId')
  })

  test('that is random but repeats itself makes no two users one', () => {
    const users = createUserCache({
      facts: emptySet(),
      nodeId: 'n1',
      randomBytes: (n) => new Uint8Array(n),
    })
    users.register(adaRegistration)
    expect(() => users.register({ ...adaRegistration, username: 'Eva' })).toThrow('Nothing was written')
    expect(users.size).toBe(1)
  })
})

const timeToLoad = (facts: FactSet): number => {
  const started = process.cpuUsage()
  const { size } = createUserCache({ facts, nodeId: 'n1' })
  expect(size).toBe(20_000)
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1_000
}
