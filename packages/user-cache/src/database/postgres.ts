/**
 * Accounts in a table of PostgreSQL, over whatever client the app has: `pg`'s `Pool` and `Client` fit.
 *
 * ```ts
 * import { createPostgresDatabase, createTableSql } from '@grapevine/user-cache/postgres'
 *
 * await pool.query(createTableSql()) // or a migration of your own
 * const database = createPostgresDatabase({ client: pool })
 * ```
 */
import { codeOf, unlessAborted } from '@grapevine/std'
import type { ExternalAccount } from '../accounts/adoption.ts'
import { UsernameTakenError } from '../errors.ts'
import { own } from '../flat.ts'
import { normaliseUsername } from '../names/username.ts'
import { checkPostgresOptions } from './postgres-options.ts'
import type { Names, PostgresOptions } from './postgres-options.ts'
import type { UserDatabase } from './user-database.ts'

export type { PostgresClient, PostgresColumns, PostgresOptions } from './postgres-options.ts'

interface Page {
  readonly accounts: readonly ExternalAccount[]
  /** The last id, to go on after. */
  readonly last: string | undefined
}

const uniqueViolation = '23505'

/** @throws `INVALID_OPTION` */
export const createPostgresDatabase = (options: PostgresOptions): UserDatabase => {
  const { client, names, pageSize } = checkPostgresOptions(options)
  const sql = statements(names)

  const page = async (after: string | undefined, signal: AbortSignal | undefined): Promise<Page> => {
    const query = after === undefined ? sql.firstPage : sql.nextPage
    const values = after === undefined ? [pageSize] : [pageSize, after]
    const { rows } = await unlessAborted(client.query(query, values), signal)
    const accounts = rows.map(toAccount)
    return { accounts, last: rows.length < pageSize ? undefined : accounts.at(-1)?.id }
  }

  return {
    // Page after page by key: no cursor and no transaction has to stay open meanwhile.
    async *load({ signal }) {
      signal?.throwIfAborted()
      let next: Page = await page(undefined, signal)
      yield* next.accounts
      while (next.last !== undefined) {
        next = await page(next.last, signal)
        yield* next.accounts
      }
    },
    async insert(account, { signal }) {
      signal?.throwIfAborted()
      try {
        await unlessAborted(client.query(sql.insert, insertValues(account, names)), signal)
      } catch (error) {
        // Without the cause: the server quotes the name in it.
        if (codeOf(error) === uniqueViolation) throw new UsernameTakenError()
        throw error
      }
    },
  }
}

/** The table that `createPostgresDatabase` expects with these options. Nothing happens if there is one. */
export const createTableSql = (options: Pick<PostgresOptions, 'table' | 'columns'> = {}): string => {
  const { names } = checkPostgresOptions({ ...options, client: { query: neverQueried } })
  const { table, id, username, name, passwordHash, registeredAt } = names
  const columns = [
    `${id} text primary key`,
    `${username} text not null`,
    ...(name === undefined ? [] : [`${name} text not null unique`]),
    `${passwordHash} text not null`,
    `${registeredAt} timestamptz not null`,
  ]
  return `create table if not exists ${table} (${columns.join(', ')})`
}

const neverQueried = (): Promise<never> => Promise.reject(new Error('There is no client to query.'))

const statements = (names: Names): { firstPage: string; nextPage: string; insert: string } => {
  const { table, id, username, name, passwordHash, registeredAt } = names
  const select =
    `select ${id}::text as id, ${username} as username, ${passwordHash} as password_hash, ` +
    `floor(extract(epoch from ${registeredAt}) * 1000)::float8 as registered_at from ${table}`
  const order = `order by ${id} limit $1`
  const columns = [id, username, passwordHash, registeredAt, ...(name === undefined ? [] : [name])]
  const values = ['$1', '$2', '$3', 'to_timestamp($4::float8 / 1000)', '$5'].slice(0, columns.length)
  return {
    firstPage: `${select} ${order}`,
    nextPage: `${select} where ${id} > $2 ${order}`,
    insert: `insert into ${table} (${columns.join(', ')}) values (${values.join(', ')})`,
  }
}

const insertValues = (account: ExternalAccount, { name }: Names): unknown[] => {
  const { id, username, passwordHash, registeredAt } = account
  const values = [id, username, passwordHash, registeredAt]
  return name === undefined ? values : [...values, normaliseUsername(username)]
}

/** What is not as it should be is refused by whoever takes the account in. */
const toAccount = (row: object): ExternalAccount => ({
  id: text(own(row, 'id')),
  username: text(own(row, 'username')),
  passwordHash: text(own(row, 'password_hash')),
  registeredAt: Number(own(row, 'registered_at') ?? Number.NaN),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
