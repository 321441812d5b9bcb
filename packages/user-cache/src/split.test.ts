/** What happened on both sides of a split, told in full. */
import { describe, expect, test } from 'vitest'
import { hashOf, heal, noon, startNode } from './testing/kit.ts'
import type { TestNode } from './testing/kit.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

/** Two nodes that know Ada and then do not hear of each other until `heal`. */
const splitAfterAda = (clockOfB = noon): { a: TestNode; b: TestNode; id: string } => {
  const [a, b] = [startNode('a'), startNode('b', { clock: clockOfB })]
  const { id } = a.users.register(adaRegistration)
  heal(a, b)
  return { a, b, id }
}

describe('after a split', () => {
  test.each(['a first', 'b first'])(
    'a name registered on both sides has one owner on both, merged %s',
    (order) => {
      const [a, b] = [startNode('a'), startNode('b', { clock: noon - 1 })]
      const [mine, theirs] = [
        a.users.register(adaRegistration),
        b.users.register({ ...adaRegistration, username: 'ADA' }),
      ]
      heal(...(order === 'a first' ? [a, b] : [b, a]))
      for (const { users } of [a, b]) {
        expect(users.claimants('ada').map(({ id, claim }) => [id, claim])).toEqual([
          [theirs.id, 'owner'],
          [mine.id, 'loser'],
        ])
        expect(users.get(mine.id)?.passwordHash).toBe(adaRegistration.passwordHash)
        expect(users.contestedNames()).toEqual(['ada'])
      }
    },
  )

  test('the loser is alone again with a new name, and so is the owner', () => {
    const [a, b] = [startNode('a'), startNode('b', { clock: noon - 1 })]
    const [mine, theirs] = [a.users.register(adaRegistration), b.users.register(adaRegistration)]
    heal(a, b)
    expect(a.users.rename(mine.id, 'Eva').claim).toBe('sole')
    heal(a, b)
    expect(b.users.get(theirs.id)?.claim).toBe('sole')
    expect(b.users.contestedNames()).toEqual([])
  })

  test('disabled on one side and enabled on the other is disabled, even if enabled later', () => {
    const { a, b, id } = splitAfterAda(noon + 1_000)
    a.users.disable(id)
    heal(a, b)
    a.users.disable(id)
    b.users.enable(id)
    heal(a, b)
    expect([a, b].map(({ users }) => users.get(id)?.disabled)).toEqual([true, true])
    expect(a.users.enable(id).disabled).toBe(false)
  })

  test('of two passwords the later one opens, the other and the old one never again', () => {
    const { a, b, id } = splitAfterAda(noon + 1_000)
    a.users.changePassword(id, hashOf('earlier'))
    b.users.changePassword(id, hashOf('later'))
    heal(a, b)
    for (const { users } of [a, b]) expect(users.get(id)?.passwordHash).toBe(hashOf('later'))
  })

  test.each(['a', 'b'] as const)(
    'a password changed on one side outranks a re-hash on the other, whichever is later (change on %s)',
    (changer) => {
      const { id, ...sides } = splitAfterAda(noon + 1_000)
      const other = sides[changer === 'a' ? 'b' : 'a']
      sides[changer].users.changePassword(id, hashOf('two'))
      other.users.rehash(id, hashOf('one, anew'), adaRegistration.passwordHash)
      heal(sides.a, sides.b)
      for (const { users } of [sides.a, sides.b]) expect(users.get(id)?.passwordHash).toBe(hashOf('two'))
    },
  )

  test('of two re-hashes the later counts, and no session ends', () => {
    const { a, b, id } = splitAfterAda(noon + 1_000)
    const { sessionEpoch } = a.users.rehash(id, hashOf('earlier'), adaRegistration.passwordHash)
    b.users.rehash(id, hashOf('later'), adaRegistration.passwordHash)
    heal(a, b)
    const expected = { passwordHash: hashOf('later'), sessionEpoch }
    for (const { users } of [a, b]) expect(users.get(id)).toMatchObject(expected)
  })

  test('a re-hash made after hearing of another counts, however slow the clock', () => {
    const { a, b, id } = splitAfterAda(noon + 3_600_000)
    const { passwordHash: verified } = b.users.rehash(
      id,
      hashOf('by a fast clock'),
      adaRegistration.passwordHash,
    )
    heal(a, b)
    const anew = a.users.rehash(id, hashOf('by a slow clock'), verified)
    expect(anew.passwordHash).toBe(hashOf('by a slow clock'))
  })

  test('a password changed after hearing of another wins, however slow the clock', () => {
    const { a, b, id } = splitAfterAda(noon + 3_600_000)
    b.users.changePassword(id, hashOf('by a fast clock'))
    heal(a, b)
    a.users.changePassword(id, hashOf('by a slow clock'))
    heal(a, b)
    expect(b.users.get(id)?.passwordHash).toBe(hashOf('by a slow clock'))
  })

  test('an ending that another knew of ends no session that was opened after both', () => {
    const { a, b, id } = splitAfterAda(noon - 1_000)
    a.users.endSessions(id)
    heal(a, b)
    const { sessionEpoch } = b.users.endSessions(id)
    heal(a, b)
    for (const { users } of [a, b]) expect(users.get(id)?.sessionEpoch).toBe(sessionEpoch)
  })

  test('who registers after hearing of a member with a fast clock is stamped after it', () => {
    const { a, b } = splitAfterAda(noon + 30_000)
    b.users.register({ ...adaRegistration, username: 'Eva' })
    heal(a, b)
    expect(a.users.register({ ...adaRegistration, username: 'Bob' }).registeredAt).toBe(noon + 30_000)
  })

  test.each(['endSessions', 'disable', 'changePassword'] as const)(
    'a session opened on one side is ended by %s on the other, even if opened later',
    (ending) => {
      const { a, b, id } = splitAfterAda(noon + 1_000)
      a.users[ending](id, hashOf('two'))
      const epochOfSession = b.users.get(id)?.sessionEpoch
      heal(a, b)
      for (const { users } of [a, b]) expect(users.get(id)?.sessionEpoch).not.toBe(epochOfSession)
    },
  )

  test('erased on one side is gone on both, whatever the other did', () => {
    const { a, b, id } = splitAfterAda(noon + 1_000)
    a.users.erase(id)
    b.users.enable(id)
    b.users.rename(id, 'Eva')
    heal(a, b)
    for (const { users } of [a, b]) {
      expect(users.get(id)).toBeUndefined()
      expect(users.claimants('Eva')).toEqual([])
    }
  })
})
