/** Hydrating from a database and signing up through one, over the fake. */
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { accountIdOf } from '../commands/adoption.ts'
import { hashOf, heal, noon, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'
import { account } from '../testing/user-database-contract.ts'
import { hydrate } from './hydrate.ts'
import { memoryDatabase } from '../testing/memory-database.ts'
import { writeThrough } from './write-through.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }
const nothing = { adopted: 0, known: 0, erased: 0, invalid: 0 }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

describe('hydrating', () => {
  test('takes in every account under an id of its own, and the second time nothing', async () => {
    const kept = account(1, { id: testId('kept') })
    const database = memoryDatabase(account(0), kept)
    expect(await hydrate(node.users, database)).toEqual({ ...nothing, adopted: 2 })
    expect(node.users.get(accountIdOf('id-0'))).toMatchObject({ username: 'User0', registeredAt: noon })
    expect(node.users.get(kept.id)).toMatchObject({ username: 'User1', passwordHash: hashOf('1') })
    const before = Y.encodeStateAsUpdate(node.doc)
    expect(await hydrate(node.users, database)).toEqual({ ...nothing, known: 2 })
    expect(Y.encodeStateAsUpdate(node.doc)).toEqual(before)
  })

  test('on several members at once makes one account of each', async () => {
    const [a, b, c] = [startNode('a'), startNode('b'), startNode('c')]
    const database = memoryDatabase(...Array.from({ length: 20 }, (_, n) => account(n)))
    await Promise.all([a, b].map(({ users }) => hydrate(users, database)))
    heal(a, b)
    heal(a, b, c)
    for (const { users } of [a, b, c]) {
      expect(users.size).toBe(20)
      expect(users.contestedNames()).toEqual([])
    }
  })

  test('of a database that has changed in between still lets all members agree', async () => {
    const other = startNode('n2')
    await hydrate(node.users, memoryDatabase(account(0)))
    await hydrate(other.users, memoryDatabase(account(0, { passwordHash: hashOf('changed there') })))
    heal(node, other)
    expect(node.users.get(accountIdOf('id-0'))).toEqual(other.users.get(accountIdOf('id-0')))
    expect(node.users.size).toBe(1)
  })

  test('undoes nothing that has happened here: no change, and no erasure', async () => {
    const database = memoryDatabase(account(0), account(1))
    await hydrate(node.users, database)
    const changed = node.users.changePassword(accountIdOf('id-0'), hashOf('new'))
    node.users.erase(accountIdOf('id-1'))
    expect(await hydrate(node.users, database)).toEqual({ ...nothing, known: 1, erased: 1 })
    expect(node.users.get(changed.id)).toBe(changed)
    expect(node.users.size).toBe(1)
  })

  test('an account whose name is taken makes the name contested, and loses nobody', async () => {
    node.users.register({ ...adaRegistration, username: 'user0' })
    await hydrate(node.users, memoryDatabase(account(0, { registeredAt: noon - 5 })))
    expect(node.users.claimants('User0').map(({ claim, username }) => [claim, username])).toEqual([
      ['owner', 'User0'],
      ['loser', 'user0'],
    ])
  })

  test.each([
    [{ id: '' }, '1 to 256 characters, not 0'],
    [{ username: 'a b' }, 'a space'],
    [{ passwordHash: 'hunter2' }, 'no argon2id hash'],
    [{ registeredAt: -1 }, 'not -1'],
    [{ registeredAt: Number.NaN }, 'not NaN'],
  ])('ends with an account of %j, or leaves it out when told of it', async (bad, why) => {
    const database = memoryDatabase(account(0), account(1, bad), account(2))
    const failure: unknown = await hydrate(node.users, database).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'INVALID_EXTERNAL_ACCOUNT',
      message: expect.stringContaining(why),
    })
    expect(String(failure)).not.toContain('hunter2')
    const told: unknown[] = []
    const report = await hydrate(node.users, database, { onInvalid: (error) => told.push(error) })
    expect(report).toEqual({ ...nothing, known: 1, adopted: 1, invalid: 1 })
    expect(told).toEqual([failure])
  })

  test('tells how far it is, and stops when aborted', async () => {
    const database = memoryDatabase(...Array.from({ length: 250 }, (_, n) => account(n)))
    const stop = new AbortController()
    const hydrating = hydrate(node.users, database, {
      signal: stop.signal,
      onProgress: ({ done, total }) => {
        expect(total).toBeUndefined()
        if (done === 200) stop.abort(new Error('enough'))
      },
    })
    await expect(hydrating).rejects.toThrow('enough')
    expect(node.users.size).toBe(200)
  })
})

describe('signing up through a database', () => {
  test('writes there first, and is found here only afterwards', async () => {
    const order: string[] = []
    const database = memoryDatabase()
    const signUp = writeThrough(node.users, {
      async insert(each, options) {
        await database.insert(each, options)
        order.push(`database, ${node.users.size} here`)
      },
    })
    node.users.on('user:registered', () => order.push(`cache, ${database.accounts.length} there`))
    const user = await signUp.register(adaRegistration)
    expect(order).toEqual(['database, 0 here', 'cache, 1 there'])
    expect(user).toBe(node.users.get(user.id))
    expect(database.accounts).toMatchObject([{ id: user.id, ...adaRegistration }])
  })

  test('writes nothing anywhere for a bad name, a bad hash, or a name that is taken here', async () => {
    node.users.register(adaRegistration)
    const database = memoryDatabase()
    const signUp = writeThrough(node.users, database)
    for (const [input, code] of [
      [{ ...adaRegistration, username: 'a b' }, 'INVALID_USERNAME'],
      [{ ...adaRegistration, passwordHash: 'hunter2' }, 'INVALID_PASSWORD_HASH'],
      [{ ...adaRegistration, username: 'ADA' }, 'USERNAME_TAKEN'],
    ] as const)
      await expect(signUp.register(input)).rejects.toMatchObject({ code })
    expect(database.accounts).toEqual([])
    expect(node.users.size).toBe(1)
  })

  test('writes nothing here when the database refuses', async () => {
    const database = memoryDatabase(account(0, { username: 'Ada' }))
    const signUp = writeThrough(node.users, database)
    await expect(signUp.register(adaRegistration)).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
    const failing = writeThrough(node.users, { insert: () => Promise.reject(new Error('disk full')) })
    await expect(failing.register(adaRegistration)).rejects.toThrow('disk full')
    expect(node.users.size).toBe(0)
  })

  test('that fails here after the database has it appears with the next hydrating', async () => {
    const database = memoryDatabase()
    const signUp = writeThrough(node.users, database, { write: () => Promise.reject(new Error('no disk')) })
    await expect(signUp.register(adaRegistration)).rejects.toThrow('no disk')
    expect(node.users.size).toBe(0)
    await hydrate(node.users, database)
    expect(node.users.claimants('Ada')).toHaveLength(1)
  })

  test('is not begun for a signal that is aborted', async () => {
    const database = memoryDatabase()
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(writeThrough(node.users, database).register(adaRegistration, { signal })).rejects.toThrow(
      'gone',
    )
    expect(database.accounts).toEqual([])
  })
})
