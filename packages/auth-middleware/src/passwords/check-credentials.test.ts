import { beforeEach, describe, expect, test } from 'vitest'
import { checkCredentials, maxClaimantsTried } from './check-credentials.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { cheapHasher, rightPassword } from '../testing/auth-app.ts'
import { mapAccounts, type MapAccounts } from '../testing/map-accounts.ts'

const { signal } = new AbortController()
const cheap = cheapHasher()
let accounts: MapAccounts
let verified: string[]
let meanwhile: () => void

/** Says which hashes it was asked about; `meanwhile` happens while it computes. */
const hasher: PasswordHasher = {
  ...cheap,
  async verify(hash, ...rest) {
    verified.push(hash)
    const right = await cheap.verify(hash, ...rest)
    meanwhile()
    return right
  },
}

beforeEach(() => {
  accounts = mapAccounts()
  verified = []
  meanwhile = () => {}
})

const add = async (id: string, username: string, password: string): Promise<void> => {
  accounts.put(id, { username, passwordHash: await cheap.hash(password, { signal }) })
}

const find = (username: string, password: string | undefined) =>
  checkCredentials({ accounts, hasher }, { username, password }, signal)

test('the account whose password it is', async () => {
  await add('u1', 'ann', rightPassword)
  expect(await find('ann', rightPassword)).toEqual({ kind: 'found', account: accounts.get('u1') })
})

test('a disabled account is not found, whoever knows its password', async () => {
  await add('u1', 'ann', rightPassword)
  accounts.put('u1', { disabled: true })
  expect(await find('ann', rightPassword)).toEqual({ kind: 'disabled', meant: [accounts.get('u1')] })
})

test('a known and an unknown name cost the same work', async () => {
  await add('u1', 'ann', rightPassword)
  await find('ann', 'wrong password')
  await find('eve', 'wrong password')
  const [known = '', unknown = ''] = verified
  expect(verified).toHaveLength(2)
  expect(unknown).toBe(hasher.decoy)
  expect(unknown.split('$').slice(0, 4)).toEqual(known.split('$').slice(0, 4))
})

test('no name and no password cost a hash, too', async () => {
  expect(await find('', undefined)).toEqual({ kind: 'no-match', meant: [] })
  expect(verified).toEqual([hasher.decoy])
})

describe('a contested name', () => {
  test('opens to each claimant with their own password', async () => {
    await add('first', 'ann', 'the password of the first')
    await add('second', 'Ann', 'the password of the second')
    expect(await find('ann', 'the password of the first')).toMatchObject({ account: { id: 'first' } })
    expect(await find('ann', 'the password of the second')).toMatchObject({ account: { id: 'second' } })
    expect(await find('ann', 'the password of nobody')).toMatchObject({ kind: 'no-match' })
  })

  test('W12: the password that is right for two opens the account of the owner, and names the twin', async () => {
    await add('first', 'ann', rightPassword)
    await add('second', 'ann', rightPassword)
    expect(await find('ann', rightPassword)).toMatchObject({
      account: { id: 'first' },
      twin: { id: 'second' },
    })
    accounts.put('second', { disabled: true })
    expect(await find('ann', rightPassword)).toEqual({ kind: 'found', account: accounts.get('first') })
    // Who is shut out is not let in by the other door.
    accounts.put('first', { disabled: true })
    accounts.put('second', { disabled: false })
    expect(await find('ann', rightPassword)).toMatchObject({ kind: 'disabled' })
  })

  test('is tried for at most so many claimants, from the first on', async () => {
    await add('u0', 'ann', rightPassword)
    for (let at = 1; at < 20; at += 1) accounts.put(`u${at}`, { username: 'ann', passwordHash: 'malformed' })
    expect(await find('ann', rightPassword)).toMatchObject({ account: { id: 'u0' } })
    expect(verified).toHaveLength(maxClaimantsTried)
  })
})

describe('what changes while the hash is computed holds', () => {
  test.each<[string, () => void]>([
    ['a new password', () => accounts.put('u1', { passwordHash: 'another' })],
    ['an erasure', () => void accounts.byId.delete('u1')],
    ['a disabling', () => accounts.put('u1', { disabled: true })],
  ])('%s', async (_what, change) => {
    await add('u1', 'ann', rightPassword)
    meanwhile = change
    expect((await find('ann', rightPassword)).kind).not.toBe('found')
  })

  test('a later end of sessions is heeded by the session that is opened', async () => {
    await add('u1', 'ann', rightPassword)
    meanwhile = () => accounts.put('u1', { sessionEpoch: 'later' })
    expect(await find('ann', rightPassword)).toMatchObject({ account: { sessionEpoch: 'later' } })
  })
})
