import { describe, expect, test } from 'vitest'
import { hashOf, heal, noon, startNode, testId, type TestNode } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

describe('claims', () => {
  test('of a name are told by key and stamp, the earliest first, in whatever spelling', () => {
    const [a, b] = [startNode('a'), startNode('b', { clock: noon - 5 })]
    const mine = a.users.register(adaRegistration)
    const theirs = b.users.register({ ...adaRegistration, username: 'ADA' })
    heal(a, b)
    const claims = a.users.signUps.liveClaims('ada')
    expect(claims.map(({ id }) => id)).toEqual([theirs.id, mine.id])
    for (const { key, id } of claims) expect(a.facts.of(id)).toEqual([key])
    expect(claims[0] && claims[1] && claims[0].at < claims[1].at).toBe(true)
    expect(b.users.signUps.liveClaims('Ada')).toEqual(claims)
    expect(a.users.signUps.liveClaims('a b')).toEqual([])
  })

  test('keep their place through another spelling, and lose it by another name', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const { id } = a.users.register(adaRegistration)
    const before = a.users.signUps.claimOf(id)
    a.clock += 5
    a.users.rename(id, 'ADA')
    a.users.rename(id, 'aDa')
    expect(a.users.signUps.claimOf(id)).toEqual(before)
    heal(a, b)
    expect(b.users.signUps.claimOf(id)).toEqual(before)
    a.users.rename(id, 'Eva')
    a.users.rename(id, 'Ada')
    expect(a.users.signUps.claimOf(id)?.key).not.toBe(before?.key)
  })
})

describe('a claim that is not answered', () => {
  test('is marked on this node alone, until it is answered', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const { id } = a.users.register(adaRegistration)
    const { key = '' } = a.users.signUps.claimOf(id) ?? {}
    a.users.signUps.mark(key)
    heal(a, b)
    expect(a.users.signUps.liveClaims('ada')).toMatchObject([{ isUnanswered: true }])
    expect(b.users.signUps.liveClaims('ada')).toMatchObject([{ isUnanswered: false }])
    expect(a.users.signUps.unanswered()).toEqual([key])
    a.users.signUps.answered(key)
    expect(a.users.signUps.unanswered()).toEqual([])
  })

  test('is withdrawn by erasing who signed up with it', () => {
    const node = startNode('a')
    const { id } = node.users.register(adaRegistration)
    const { key = '' } = node.users.signUps.claimOf(id) ?? {}
    node.users.signUps.mark(key)
    node.users.signUps.withdraw(key)
    expect(node.facts.isErased(id)).toBe(true)
    expect(node.users.signUps.liveClaims('ada')).toEqual([])
    expect(node.users.signUps.unanswered()).toEqual([])
    node.users.signUps.withdraw(key)
    node.users.signUps.withdraw(`${testId('nobody')}/.zlFZmkPCR8ghDkuJW34xdteIlcc`)
  })

  test('of a renaming is withdrawn by the former name, with its former claim', () => {
    const node = startNode('a')
    const { id } = node.users.register(adaRegistration)
    node.clock += 5
    node.users.rename(id, 'ADA')
    const before = node.users.signUps.claimOf(id)
    node.users.rename(id, 'Eva')
    node.users.signUps.withdraw(node.users.signUps.claimOf(id)?.key ?? '')
    expect(node.users.get(id)).toMatchObject({ username: 'ADA' })
    expect(node.users.signUps.claimOf(id)).toEqual(before)
  })

  test('of a renaming does not take the former name from who was granted it meanwhile', () => {
    const node = startNode('a')
    const { id } = node.users.register(adaRegistration)
    node.clock += 5
    node.users.rename(id, 'Eva')
    node.clock += 5
    const next = node.users.register(adaRegistration)
    node.users.signUps.withdraw(node.users.signUps.claimOf(id)?.key ?? '')
    expect(node.users.get(id)).toMatchObject({ username: 'Eva', claim: 'sole' })
    expect(node.users.get(next.id)).toMatchObject({ username: 'Ada', claim: 'sole' })
  })

  test('of a renaming is the last claim of the former name where the new one is lost too', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const { id } = a.users.register(adaRegistration)
    b.users.register({ ...adaRegistration, username: 'Eva' })
    a.clock += 5
    a.users.rename(id, 'Eva')
    a.clock += 5
    const next = a.users.register(adaRegistration)
    heal(a, b)
    a.users.signUps.withdraw(a.users.signUps.claimOf(id)?.key ?? '')
    expect(a.users.signUps.liveClaims('ada').map((claim) => claim.id)).toEqual([next.id, id])
    expect(a.users.get(next.id)?.claim).toBe('owner')
  })

  test('of a renaming goes before a twin that was there already', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const { id } = a.users.register(adaRegistration)
    b.clock += 5
    b.users.register(adaRegistration)
    heal(a, b)
    a.clock += 10
    a.users.rename(id, 'Eva')
    a.users.signUps.withdraw(a.users.signUps.claimOf(id)?.key ?? '')
    expect(a.users.get(id)).toMatchObject({ username: 'Ada', claim: 'owner' })
  })

  test('is used once anything else is known of the account', () => {
    const node = startNode('a')
    const { id } = node.users.register(adaRegistration)
    const { key = '' } = node.users.signUps.claimOf(id) ?? {}
    expect(node.users.signUps.isUsed(key)).toBe(false)
    node.users.endSessions(id)
    expect(node.users.signUps.isUsed(key)).toBe(true)
  })

  test('is left alone once the account claims its name by another fact', () => {
    const node = startNode('a')
    const { id } = node.users.register(adaRegistration)
    const { key = '' } = node.users.signUps.claimOf(id) ?? {}
    node.users.rename(id, 'Eva')
    node.users.signUps.withdraw(key)
    expect(node.users.get(id)?.username).toBe('Eva')
  })
})

describe('a confirmation', () => {
  const keyOf = (node: TestNode, id: string): string => node.users.signUps.claimOf(id)?.key ?? ''

  test('names all other live claims, and as granted those that this node has answered', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const mine = keyOf(a, a.users.register(adaRegistration).id)
    a.users.signUps.mark(mine)
    const theirs = keyOf(b, b.users.register(adaRegistration).id)
    heal(a, b)
    const { at } = a.users.signUps.liveClaims('ada').find(({ key }) => key === mine) ?? {}
    expect(a.users.signUps.confirmation('ADA', theirs)).toEqual({ rivals: [{ key: mine, at }], granted: [] })
    a.users.signUps.answered(mine)
    expect(a.users.signUps.confirmation('ada', theirs).granted).toEqual([mine])
  })

  test('takes a claim of others for granted a minute after it came, and after a restart', () => {
    const [a, b] = [startNode('a'), startNode('b')]
    const mine = keyOf(a, a.users.register(adaRegistration).id)
    heal(a, b)
    expect(b.users.signUps.confirmation('ada', '')).toMatchObject({ rivals: [{ key: mine }], granted: [] })
    const restarted = createUserCache({ facts: b.facts, nodeId: 'b' })
    expect(restarted.signUps.confirmation('ada', '').granted).toEqual([mine])
    b.clock += 60_001
    expect(b.users.signUps.confirmation('ada', '').granted).toEqual([mine])
  })
})
