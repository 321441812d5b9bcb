/** The mirror over a fake database that can be down or slow. */
import { sleep, systemClock } from '@grapevine/std'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf } from '../../commands/adoption.ts'
import { hashOf, startNode } from '../../testing/kit.ts'
import {
  follow,
  loaded,
  memoryStore,
  reached,
  rowOf,
  sharedDatabase,
  soon,
  type Shared,
} from '../../testing/mirror-members.ts'
import { account } from '../../testing/user-database-contract.ts'
import type { MirroredDatabase } from '../user-database.ts'

let shared: Shared
beforeEach(() => {
  shared = sharedDatabase()
})

describe('what is in the database at the start', () => {
  test('is here, those who are disabled as such; and whoever was here before gets a row', async () => {
    const node = startNode('a')
    const before = node.users.register({ username: 'Before', passwordHash: hashOf('x') })
    await shared.database.insert(account(0, { disabled: true }), {})
    await shared.database.insert(account(1), {})
    await loaded(await follow(node, shared))
    expect(node.users.get(accountIdOf('id-0'))).toMatchObject({ username: 'User0', disabled: true })
    expect(node.users.get(accountIdOf('id-1'))).toMatchObject({ disabled: false })
    expect(rowOf(shared, before.id)).toMatchObject({ username: 'Before', passwordHash: hashOf('x') })
  })

  test('is taken in when it is back, if it was down then', async () => {
    shared.isDown = true
    await shared.database.insert(account(0), {})
    const member = await follow(startNode('a'), shared)
    await soon(() => expect(member.mirror.status()).toMatchObject({ state: 'down', isLoaded: false }))
    shared.isDown = false
    await loaded(member)
    expect(member.node.users.size).toBe(1)
    expect(member.events.map(({ type }) => type)).toEqual(['down', 'checked', 'up'])
  })
})

describe('what happens to an account', () => {
  test('is in its row soon: name, password, disabled, enabled, erased', async () => {
    const { node, mirror } = await follow(startNode('a'), shared)
    const { id } = await mirror.register({ username: 'Ada', passwordHash: hashOf('1') })
    node.users.changePassword(id, hashOf('2'))
    node.users.rename(id, 'Eve')
    node.users.disable(id)
    await soon(() =>
      expect(rowOf(shared, id)).toMatchObject({ username: 'Eve', passwordHash: hashOf('2'), disabled: true }),
    )
    node.users.enable(id)
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ disabled: false }))
    node.users.erase(id)
    await soon(() => expect(shared.database.accounts).toEqual([]))
  })

  test('waits on disk while the database is down, also through a restart', async () => {
    const store = memoryStore()
    const first = await follow(startNode('a'), shared, { store })
    await loaded(first)
    const { id } = await first.mirror.register({ username: 'Ada', passwordHash: hashOf('1') })
    shared.isDown = true
    first.node.users.changePassword(id, hashOf('2'))
    await soon(() => expect(first.mirror.status()).toMatchObject({ state: 'down', pending: 1 }))
    expect(store.kept).toEqual([id])
    expect(JSON.stringify(store.kept)).not.toContain('argon2')
    await first.mirror.stop()
    const second = await follow(first.node, shared, { store, speaksForAll: () => false })
    expect(second.mirror.status().pending).toBe(1)
    shared.isDown = false
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ passwordHash: hashOf('2') }))
    await soon(() => expect(store.kept).toEqual([]))
  })

  test('adopted from a row of another id and renamed while the database was down, has one row after a restart', async () => {
    const store = memoryStore()
    await shared.database.insert(account(0), {})
    const first = await follow(startNode('a'), shared, { store })
    await loaded(first)
    shared.isDown = true
    first.node.users.rename(accountIdOf('id-0'), 'Renamed')
    await soon(() => expect(first.mirror.status()).toMatchObject({ state: 'down', pending: 1 }))
    await first.mirror.stop()
    shared.isDown = false
    await loaded(await follow(first.node, shared, { store }))
    await soon(() =>
      expect(shared.database.accounts.map(({ id, username }) => [id, username])).toEqual([
        ['id-0', 'Renamed'],
      ]),
    )
  })

  test('is not forgotten when it comes while the row is being written', async () => {
    const slow = reached(shared)
    const save: MirroredDatabase['save'] = async (row, options) => {
      await sleep(systemClock, 50)
      await slow.save(row, options)
    }
    const { node, mirror } = await follow(startNode('a'), shared, { database: { ...slow, save } })
    const { id } = await mirror.register({ username: 'Ada', passwordHash: hashOf('1') })
    node.users.changePassword(id, hashOf('2'))
    await sleep(systemClock, 20)
    node.users.changePassword(id, hashOf('3'))
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ passwordHash: hashOf('3') }))
  })

  test('beyond what is remembered one by one is found by a look at everything', async () => {
    const member = await follow(startNode('a'), shared, { mostPending: 3, speaksForAll: () => false })
    const users = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => member.mirror.register({ username: `User${n}`, passwordHash: hashOf('1') })),
    )
    await loaded(member)
    shared.isDown = true
    for (const { id } of users) member.node.users.changePassword(id, hashOf('2'))
    await soon(() => expect(member.events.map(({ type }) => type)).toContain('down'))
    expect(member.mirror.status().pending).toBe(3)
    expect(member.events.filter(({ type }) => type === 'overflow')).toHaveLength(1)
    shared.isDown = false
    await soon(() =>
      expect(shared.database.accounts.every((row) => row.passwordHash === hashOf('2'))).toBe(true),
    )
  })

  test('that the database does not take holds nothing else up, and is told once', async () => {
    const member = await follow(startNode('a'), shared)
    await loaded(member)
    const { id } = await member.mirror.register({ username: 'Ada', passwordHash: hashOf('1') })
    await shared.database.insert(account(9, { username: 'Eve' }), {})
    member.node.users.rename(id, 'Eve')
    member.node.users.changePassword(id, hashOf('2'))
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ username: 'Ada', passwordHash: hashOf('2') }))
    await soon(() => expect(member.mirror.status()).toMatchObject({ state: 'up', refused: 1, pending: 0 }))
    expect(member.events.filter(({ type }) => type === 'refused')).toHaveLength(1)
  })
})

describe('a sign-up', () => {
  test('is in the database first; while that is down nobody signs up', async () => {
    const member = await follow(startNode('a'), shared)
    await loaded(member)
    shared.isDown = true
    await expect(member.mirror.register({ username: 'Ada', passwordHash: hashOf('1') })).rejects.toThrow(
      'REFUSED',
    )
    expect(member.node.users.size).toBe(0)
  })

  test('ends in time when the database does not answer', async () => {
    const insert: MirroredDatabase['insert'] = (_account, { signal }) => sleep(systemClock, 60_000, signal)
    const hanging = { ...reached(shared), insert }
    const { mirror } = await follow(startNode('a'), shared, { database: hanging })
    await expect(mirror.register({ username: 'Ada', passwordHash: hashOf('1') })).rejects.toThrow(
      'no answer within 200 ms',
    )
  })
})
