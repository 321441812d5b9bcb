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
import type { ExternalAccount } from '../commands/adoption.ts'
import { UsernameTakenError } from '../errors.ts'
import { own } from '../flat.ts'
import { normaliseUsername } from '../names/username.ts'
import { checkPostgresOptions } from './postgres-options.ts'
import type { Names, PostgresOptions } from './postgres-options.ts'
import { statementsFor, type Statement } from './postgres-sql.ts'
import type { MirroredDatabase } from './user-database.ts'

export type { PostgresClient, PostgresColumns, PostgresOptions } from './postgres-options.ts'

interface Page {
  readonly accounts: readonly ExternalAccount[]
  /** The last id, to go on after. */
  readonly last: string | undefined
}

const uniqueViolation = '23505'

/** @throws `INVALID_OPTION` */
export const createPostgresDatabase = (options: PostgresOptions): MirroredDatabase => {
  const { client, names, pageSize } = checkPostgresOptions(options)
  const sql = statementsFor(names)

  const run = async (
    statement: Statement,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<readonly object[]> => {
    signal?.throwIfAborted()
    const { rows } = await unlessAborted(client.query(statement.text, statement.pick(values)), signal)
    return rows
  }

  const page = async (after: string | undefined, signal: AbortSignal | undefined): Promise<Page> => {
    const rows =
      after === undefined
        ? await run(sql.firstPage, [pageSize], signal)
        : await run(sql.nextPage, [pageSize, after], signal)
    const accounts = rows.map(toAccount)
    return { accounts, last: rows.length < pageSize ? undefined : accounts.at(-1)?.id }
  }

  return {
    keepsDisabled: names.disabled !== undefined,
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
    async read(ids, { signal }) {
      return (await run(sql.read, [ids], signal)).map(toAccount)
    },
    async insert(account, { signal }) {
      await orTaken(run(sql.insert, valuesOf(account, names), signal))
    },
    async save(account, { signal }) {
      const values = valuesOf(account, names)
      try {
        // A row that the owner has given more columns stays; an insert that gives way to it would ask for them all.
        if ((await run(sql.update, values, signal)).length > 0) return
      } catch (error) {
        if (codeOf(error) !== uniqueViolation) throw error
        await run(sql.updateAllButName, [account.id, account.passwordHash, account.disabled === true], signal)
        throw new UsernameTakenError()
      }
      await orTaken(run(sql.insert, values, signal))
    },
    async remove(id, { signal }) {
      await run(sql.remove, [id], signal)
    },
  }
}

/** The table that `createPostgresDatabase` expects with these options. Nothing happens if there is one. */
export const createTableSql = (options: Pick<PostgresOptions, 'table' | 'columns'> = {}): string => {
  const { names } = checkPostgresOptions({ ...options, client: { query: neverQueried } })
  const { table, id, username, name, passwordHash, registeredAt, disabled } = names
  const columns = [
    `${id} text primary key`,
    `${username} text not null`,
    ...(name === undefined ? [] : [`${name} text not null unique`]),
    `${passwordHash} text not null`,
    `${registeredAt} timestamptz not null`,
    ...(disabled === undefined ? [] : [`${disabled} boolean not null default false`]),
  ]
  return `create table if not exists ${table} (${columns.join(', ')})`
}

const neverQueried = (): Promise<never> => Promise.reject(new Error('There is no client to query.'))

/** In the order in which the statements name them. */
const valuesOf = (account: ExternalAccount, { name, disabled }: Names): readonly unknown[] => {
  const { id, username, passwordHash, registeredAt } = account
  const values = [id, username, passwordHash, registeredAt]
  return [
    ...values,
    ...(name === undefined ? [] : [normaliseUsername(username)]),
    ...(disabled === undefined ? [] : [account.disabled === true]),
  ]
}

/** Without the cause: the server quotes the name in it. */
const orTaken = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work
  } catch (error) {
    if (codeOf(error) === uniqueViolation) throw new UsernameTakenError()
    throw error
  }
}

/** What is not as it should be is refused by whoever takes the account in. */
const toAccount = (row: object): ExternalAccount => ({
  id: text(own(row, 'id')),
  username: text(own(row, 'username')),
  passwordHash: text(own(row, 'password_hash')),
  registeredAt: Number(own(row, 'registered_at') ?? Number.NaN),
  ...(own(row, 'disabled') === true ? { disabled: true } : {}),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
