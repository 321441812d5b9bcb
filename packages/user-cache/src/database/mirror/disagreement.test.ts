/** Members that write one row, and rows that say what nobody here has said. */
import { sleep, systemClock } from '@grapevine/std'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf } from '../../commands/adoption.ts'
import { hashOf, heal, pull, startNode } from '../../testing/kit.ts'
import { account } from '../../testing/user-database-contract.ts'
import {
  follow,
  loaded,
  reached,
  rowOf,
  sharedDatabase,
  soon,
  type Member,
  type Shared,
} from '../../testing/mirror-members.ts'

let shared: Shared
beforeEach(() => {
  shared = sharedDatabase()
})

describe('two members', () => {
  const two = async (): Promise<readonly [Member, Member, string]> => {
    const a = await follow(startNode('a'), shared)
    await loaded(a)
    const { id } = await a.mirror.register({ username: 'Ada', passwordHash: hashOf('0') })
    const other = startNode('b')
    pull(other, a.node)
    const b = await follow(other, shared, { speaksForAll: () => false })
    await loaded(b)
    return [a, b, id]
  }

  test.each(['a', 'b'])(
    'that change a password on both sides of a split end with one row, %s having written last',
    async (last) => {
      const [a, b, id] = await two()
      const inOrder = last === 'a' ? [b, a] : [a, b]
      for (const { node, mirror } of inOrder) {
        node.users.changePassword(id, hashOf(`of ${node === a.node ? 'a' : 'b'}`))
        await soon(() => expect(mirror.status().pending).toBe(0))
      }
      expect(rowOf(shared, id)).toMatchObject({ passwordHash: hashOf(`of ${last}`) })
      heal(a.node, b.node)
      const kept = a.node.users.get(id)?.passwordHash
      expect(b.node.users.get(id)?.passwordHash).toBe(kept)
      await soon(() => expect(rowOf(shared, id)?.passwordHash).toBe(kept))
      // Long enough for whatever would be written after it.
      await sleep(systemClock, 200)
      expect(rowOf(shared, id)?.passwordHash).toBe(kept)
    },
  )

  test('one of whom took an account in from a row of another id: renamed by the other, it has one row', async () => {
    const [a, b] = await two()
    await shared.database.insert(account(7), {})
    a.mirror.check()
    const id = accountIdOf('id-7')
    await soon(() => expect(a.node.users.get(id)).toBeDefined())
    pull(b.node, a.node)
    b.node.users.rename(id, 'Renamed')
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ id: 'id-7', username: 'Renamed' }))
    expect(shared.database.accounts).toHaveLength(2)
  })

  test('one of whom cannot reach the database: what it changed is written by who heard of it', async () => {
    let isCut = false
    const [a, , id] = await two()
    const cut = startNode('c')
    pull(cut, a.node)
    const c = await follow(cut, shared, { database: reached(shared, () => isCut), speaksForAll: () => false })
    await loaded(c)
    isCut = true
    cut.users.changePassword(id, hashOf('of c'))
    await soon(() => expect(c.mirror.status().state).toBe('down'))
    heal(a.node, cut)
    await soon(() => expect(rowOf(shared, id)).toMatchObject({ passwordHash: hashOf('of c') }))
  })

  test('erased by one and changed by the other, nobody is left in the database', async () => {
    const [a, b, id] = await two()
    a.node.users.erase(id)
    await soon(() => expect(shared.database.accounts).toEqual([]))
    b.node.users.changePassword(id, hashOf('later'))
    await soon(() => expect(shared.database.accounts).toHaveLength(1))
    heal(a.node, b.node)
    await soon(() => expect(shared.database.accounts).toEqual([]))
  })
})

describe('a database that was restored from yesterday', () => {
  test('gets back who signed up since, what changed, and loses who was erased', async () => {
    const member = await follow(startNode('a'), shared)
    await loaded(member)
    const [ada, eve] = [
      await member.mirror.register({ username: 'Ada', passwordHash: hashOf('1') }),
      await member.mirror.register({ username: 'Eve', passwordHash: hashOf('1') }),
    ]
    const yesterday = [...shared.database.accounts]
    member.node.users.changePassword(ada.id, hashOf('2'))
    member.node.users.erase(eve.id)
    const bob = await member.mirror.register({ username: 'Bob', passwordHash: hashOf('1') })
    await soon(() => expect(rowOf(shared, eve.id)).toBeUndefined())
    shared.isDown = true
    // Something has to be asked for, for the outage to be noticed.
    member.node.users.endSessions(ada.id)
    await soon(() => expect(member.mirror.status().state).toBe('down'))
    shared.database.accounts.splice(0, shared.database.accounts.length, ...yesterday)
    shared.isDown = false
    await soon(() => {
      expect(rowOf(shared, ada.id)).toMatchObject({ passwordHash: hashOf('2') })
      expect(rowOf(shared, eve.id)).toBeUndefined()
      expect(rowOf(shared, bob.id)).toMatchObject({ username: 'Bob' })
    })
  })
})

describe('a row that was changed by hand', () => {
  const changed = async (change: object, speaksForAll = () => true): Promise<readonly [Member, string]> => {
    const member = await follow(startNode('a'), shared, { speaksForAll })
    await loaded(member)
    const { id } = await member.mirror.register({ username: 'Ada', passwordHash: hashOf('1') })
    const at = shared.database.accounts.findIndex((row) => row.id === id)
    shared.database.accounts[at] = Object.assign({}, shared.database.accounts[at], change)
    return [member, id]
  }

  test('counts here after a while: password, name, disabled', async () => {
    const [member, id] = await changed({ passwordHash: hashOf('by hand'), username: 'Ada2', disabled: true })
    const { sessionEpoch } = member.node.users.get(id) ?? {}
    member.mirror.check()
    await soon(() =>
      expect(member.node.users.get(id)).toMatchObject({
        passwordHash: hashOf('by hand'),
        username: 'Ada2',
        disabled: true,
      }),
    )
    expect(member.node.users.get(id)?.sessionEpoch).not.toBe(sessionEpoch)
    expect(member.events).toContainEqual({ type: 'taken-in', id, what: 'disabled, password, name' })
    expect(member.mirror.status().differing).toBe(0)
  })

  test('to what cannot be here is told once and left, and counts as differing', async () => {
    const [member, id] = await changed({ passwordHash: 'plain text' })
    member.mirror.check()
    await soon(() => expect(member.events.map(({ type }) => type)).toContain('differs'))
    expect(member.node.users.get(id)?.passwordHash).toBe(hashOf('1'))
    expect(rowOf(shared, id)?.passwordHash).toBe('plain text')
    expect(member.mirror.status().differing).toBe(1)
    await sleep(systemClock, 200)
    expect(member.events.filter(({ type }) => type === 'differs')).toHaveLength(1)
    expect(JSON.stringify(member.events.map(String))).not.toContain('plain text')
  })

  test('is taken in by nobody while the cluster is split: it may be what the other side did', async () => {
    let isWhole = true
    const [member, id] = await changed({ passwordHash: hashOf('by hand') }, () => isWhole)
    member.mirror.check()
    await soon(() => expect(member.mirror.status().differing).toBe(1))
    isWhole = false
    await sleep(systemClock, 200)
    expect(member.node.users.get(id)?.passwordHash).toBe(hashOf('1'))
    isWhole = true
    await soon(() => expect(member.node.users.get(id)?.passwordHash).toBe(hashOf('by hand')))
  })
})
