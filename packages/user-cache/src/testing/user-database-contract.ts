/** What every `UserDatabase` keeps to. The fake of the tests and the real ones pass the same suite. */
import { describe, expect, test } from 'vitest'
import { hashOf, noon } from './kit.ts'
import type { ExternalAccount } from '../commands/adoption.ts'
import type { MirroredDatabase, UserDatabase } from '../database/user-database.ts'

export const account = (n: number, changes: Partial<ExternalAccount> = {}): ExternalAccount => ({
  id: `id-${n}`,
  username: `User${n}`,
  passwordHash: hashOf(`${n}`),
  registeredAt: noon + n,
  ...changes,
})

export const loadAll = async (database: UserDatabase, signal?: AbortSignal): Promise<ExternalAccount[]> => {
  const accounts: ExternalAccount[] = []
  for await (const each of database.load({ signal })) accounts.push(each)
  return accounts.sort((a, b) => a.registeredAt - b.registeredAt)
}

/** @param open an empty database, with pages of 10 if it has pages */
export const describeUserDatabase = (name: string, open: () => Promise<UserDatabase>): void => {
  describe(`${name}, as a user database,`, () => {
    test('loads nothing when it is empty', async () => {
      expect(await loadAll(await open())).toEqual([])
    })

    test.each([1, 9, 10, 11, 25])('loads each of %i accounts once, as they were inserted', async (count) => {
      const database = await open()
      const accounts = Array.from({ length: count }, (_, n) => account(n))
      for (const each of accounts) await database.insert(each, {})
      expect(await loadAll(database)).toEqual(accounts)
    })

    test('keeps any text as it is', async () => {
      const database = await open()
      const odd = [
        account(0, { id: `'; drop table users; --`, username: 'Straße' }),
        account(1, { id: '"\\ $1 %s', username: '李' }),
      ]
      for (const each of odd) await database.insert(each, {})
      expect(await loadAll(database)).toEqual(odd)
    })

    test('refuses a name that is taken in another spelling, and keeps nothing of it', async () => {
      const database = await open()
      await database.insert(account(0, { username: 'Ada' }), {})
      const taken = database.insert(account(1, { username: 'ＡＤＡ' }), {})
      await expect(taken).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
      expect(await loadAll(database)).toHaveLength(1)
    })

    test('gives a name to one of many who ask at once', async () => {
      const database = await open()
      const asking = Array.from({ length: 8 }, (_, n) => database.insert(account(n, { username: 'Ada' }), {}))
      const outcomes = await Promise.allSettled(asking)
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await loadAll(database)).toHaveLength(1)
    })

    test('does nothing for a signal that is aborted, and rejects with its reason', async () => {
      const database = await open()
      const signal = AbortSignal.abort(new Error('too late'))
      await expect(database.insert(account(0), { signal })).rejects.toThrow('too late')
      await expect(loadAll(database, signal)).rejects.toThrow('too late')
      expect(await loadAll(database)).toEqual([])
    })
  })
}

/** What every `MirroredDatabase` keeps to besides. @param open as above */
export const describeMirroredDatabase = (name: string, open: () => Promise<MirroredDatabase>): void => {
  describe(`${name}, as a mirrored database,`, () => {
    test('saves an account as it is now, whether it was there or not, and reads those that are asked for', async () => {
      const database = await open()
      await database.insert(account(0), {})
      const changed = account(0, { username: 'Eve', passwordHash: hashOf('new'), disabled: true })
      await database.save(changed, {})
      await database.save(account(1), {})
      await database.insert(account(2), {})
      expect(await database.read(['id-0', 'id-1', 'nobody'], {})).toEqual(
        expect.arrayContaining([changed, account(1)]),
      )
      expect(await loadAll(database)).toEqual([changed, account(1), account(2)])
      await database.save(account(0), {})
      expect(await database.read(['id-0'], {})).toEqual([account(0)])
    })

    test('of an account whose new name is taken it saves all but the name, and says so', async () => {
      const database = await open()
      await database.insert(account(0, { username: 'Ada' }), {})
      await database.insert(account(1), {})
      const changed = account(1, { username: 'ADA', passwordHash: hashOf('new'), disabled: true })
      await expect(database.save(changed, {})).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
      expect(await database.read(['id-1'], {})).toEqual([{ ...changed, username: 'User1' }])
      const another = database.save(account(2, { username: 'ada' }), {})
      await expect(another).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
      expect(await loadAll(database)).toHaveLength(2)
    })

    test('removes an account once, and nothing when it is not there', async () => {
      const database = await open()
      for (const n of [0, 1]) await database.insert(account(n), {})
      for (let times = 0; times < 2; times += 1) await database.remove('id-0', {})
      expect(await loadAll(database)).toEqual([account(1)])
    })
  })
}
