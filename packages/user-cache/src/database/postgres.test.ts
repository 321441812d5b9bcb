/** Against a real server: Debian's package `postgresql`, started here. */
import { inspect } from 'node:util'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOf, noon, startNode } from '../testing/kit.ts'
import {
  account,
  describeMirroredDatabase,
  describeUserDatabase,
  loadAll,
} from '../testing/user-database-contract.ts'
import { hydrate } from './hydrate.ts'
import { createPostgresDatabase, createTableSql } from './postgres.ts'
import type { PostgresOptions } from './postgres.ts'
import { findPostgres, startPostgres } from '../testing/postgres-server.ts'
import type { PostgresServer } from '../testing/postgres-server.ts'
import { writeThrough } from './write-through.ts'

const bin = findPostgres()
const skipped = 'SKIPPED: no /usr/lib/postgresql/*/bin/postgres; install the Debian package "postgresql"'
if (bin === undefined) console.warn(`PostgreSQL tests ${skipped}`)

describe.skipIf(bin === undefined)(
  `on a real PostgreSQL server${bin === undefined ? ` ${skipped}` : ''}`,
  () => {
    let server: PostgresServer
    let pool: Pool
    let tables = 0

    beforeAll(async () => {
      server = await startPostgres(bin ?? '')
      pool = new Pool({ ...server.connection, max: 4 })
    }, 60_000)

    afterAll(async () => {
      await pool.end()
      await server.stop()
    }, 60_000)

    const open = async (options: Omit<PostgresOptions, 'client' | 'table'> = {}) => {
      const table = `users_${(tables += 1)}`
      await pool.query(createTableSql({ ...options, table }))
      const database = createPostgresDatabase({ client: pool, table, pageSize: 10, ...options })
      return Object.assign(database, { table })
    }

    describeUserDatabase('a table of PostgreSQL', () => open())
    describeMirroredDatabase('a table of PostgreSQL', () => open())

    test('members that hydrate from it at once agree on every account, and erase for good', async () => {
      const database = await open()
      for (let n = 0; n < 25; n += 1) await database.insert(account(n), {})
      const [a, b] = [startNode('a'), startNode('b')]
      for (const { users } of [a, b]) expect(await hydrate(users, database)).toMatchObject({ adopted: 25 })
      const all = (await loadAll(database)).map(({ username }) => a.users.claimants(username))
      expect(all).toEqual((await loadAll(database)).map(({ username }) => b.users.claimants(username)))
      a.users.erase(a.users.claimants('User7')[0]?.id ?? '')
      expect(await hydrate(a.users, database)).toEqual({ adopted: 0, known: 24, erased: 1, invalid: 0 })
    })

    test('a sign-up is in it first, and then in the cache under the same id', async () => {
      const database = await open()
      const { users } = startNode('a')
      const signUp = writeThrough(users, database, { now: () => noon })
      const user = await signUp.register({ username: 'Ada', passwordHash: hashOf('one') })
      expect(await loadAll(database)).toEqual([
        { id: user.id, username: 'Ada', passwordHash: hashOf('one'), registeredAt: noon },
      ])
      expect(users.claimants('ada')).toEqual([user])
      expect(await hydrate(users, database)).toMatchObject({ adopted: 0, known: 1 })
    })

    test('a table of other names, in a schema, with numbers as ids, is loaded in its own order', async () => {
      await pool.query('create schema shop')
      await pool.query(
        'create table shop.people ("Nr" bigint primary key, login text, hash text, since timestamptz)',
      )
      const people = Array.from(
        { length: 25 },
        (_, n) => `(${n}, 'user${n}', '${hashOf('x')}', to_timestamp(${n}.25))`,
      )
      await pool.query(`insert into shop.people values ${people.join()}`)
      const columns = {
        id: 'Nr',
        username: 'login',
        name: null,
        passwordHash: 'hash',
        registeredAt: 'since',
        disabled: null,
      }
      const database = createPostgresDatabase({ client: pool, table: 'shop.people', columns, pageSize: 10 })
      const ids: string[] = []
      for await (const { id, registeredAt } of database.load({})) {
        expect(registeredAt).toBe(Number(id) * 1_000 + 250)
        ids.push(id)
      }
      expect(ids).toEqual(people.map((_person, n) => `${n}`))
    })

    test('a value that is missing makes an invalid account, not another', async () => {
      const { table, ...database } = await open({ columns: { name: null } })
      await pool.query(
        `alter table ${table} alter password_hash drop not null, alter registered_at drop not null`,
      )
      await pool.query(
        `insert into ${table} values ('a', 'Ada', null, now()), ('b', 'Eva', '${hashOf('x')}', null)`,
      )
      const invalid: string[] = []
      const { users } = startNode('a')
      await hydrate(users, database, { onInvalid: ({ message }) => invalid.push(message) })
      expect(invalid).toEqual([
        expect.stringContaining('no argon2id hash'),
        expect.stringContaining('not NaN'),
      ])
      expect(users.size).toBe(0)
    })

    test('a taken name is told without what the server says of it, which quotes the name', async () => {
      const database = await open()
      await database.insert(account(0, { username: 'Ada' }), {})
      const error: unknown = await database
        .insert(account(1, { username: 'Ada' }), {})
        .catch((e: unknown) => e)
      expect(inspect(error)).not.toMatch(/ada\b/i)
    })

    test('an error of the server other than a taken name is handed on as it is', async () => {
      const database = createPostgresDatabase({ client: pool, table: 'nowhere' })
      await expect(database.insert(account(0), {})).rejects.toMatchObject({ code: '42P01' })
      await expect(loadAll(database)).rejects.toMatchObject({ code: '42P01' })
    })

    test('a query that hangs does not outlive the patience of the caller', async () => {
      const { table, ...database } = await open()
      const locker = await pool.connect()
      await locker.query(`begin; lock table ${table}`)
      const stop = new AbortController()
      const waiting = database.insert(account(0), { signal: stop.signal })
      stop.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      await locker.query('rollback')
      locker.release()
    })
  },
)

describe('an option of the PostgreSQL database', () => {
  const client = { query: () => Promise.reject(new Error('not to be called')) }

  test.each([
    { table: 'users; drop table users' },
    { table: 'a.b.c' },
    { table: '' },
    { columns: { id: 'id"' } },
    { columns: { name: 'x'.repeat(64) } },
    { pageSize: 0 },
    { pageSize: 1.5 },
  ])('that is %j is refused', (bad) => {
    expect(() => createPostgresDatabase({ client, ...bad })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})
