import { InvalidOptionError } from '../errors.ts'

/** The one method of `pg` that is needed. */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly object[] }>
}

export interface PostgresColumns {
  /** Primary key; of any type when only loading, of text when inserting. @default 'id' */
  readonly id?: string
  /** As typed; text. @default 'username' */
  readonly username?: string
  /**
   * Normalised, with a unique index of its own; text. Without the column (`null`) the table itself must refuse a
   * name that is taken. @default 'name'
   */
  readonly name?: string | null
  /** PHC string of argon2id; text. @default 'password_hash' */
  readonly passwordHash?: string
  /** timestamptz. @default 'registered_at' */
  readonly registeredAt?: string
}

export interface PostgresOptions {
  /** For example a `Pool` of `pg`. Its owner connects, configures and ends it. */
  readonly client: PostgresClient
  /** `table` or `schema.table`. @default 'users' */
  readonly table?: string
  readonly columns?: PostgresColumns
  /** Accounts per query of `load`, 1 to 100 000. @default 1000 */
  readonly pageSize?: number
}

/** Quoted for SQL. */
export interface Names {
  readonly table: string
  readonly id: string
  readonly username: string
  readonly name: string | undefined
  readonly passwordHash: string
  readonly registeredAt: string
}

export interface CheckedPostgresOptions {
  readonly client: PostgresClient
  readonly names: Names
  readonly pageSize: number
}

const MAX_PAGE = 100_000
// What needs no escaping within quotes; PostgreSQL cuts names after 63 bytes.
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/

/** @throws {InvalidOptionError} `INVALID_OPTION` */
export function checkPostgresOptions(options: PostgresOptions): CheckedPostgresOptions {
  const { client, table = 'users', columns = {}, pageSize = 1_000 } = options
  if (!Number.isSafeInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE) {
    throw new InvalidOptionError(`pageSize must be 1 to ${MAX_PAGE} accounts, not ${pageSize}.`)
  }
  const path = table.split('.')
  if (path.length > 2) throw new InvalidOptionError('table must be "table" or "schema.table".')
  const { name = 'name' } = columns
  return {
    client,
    pageSize,
    names: {
      table: path.map((part) => quote('table', part)).join('.'),
      id: quote('columns.id', columns.id ?? 'id'),
      username: quote('columns.username', columns.username ?? 'username'),
      name: name === null ? undefined : quote('columns.name', name),
      passwordHash: quote('columns.passwordHash', columns.passwordHash ?? 'password_hash'),
      registeredAt: quote('columns.registeredAt', columns.registeredAt ?? 'registered_at'),
    },
  }
}

function quote(option: string, name: string): string {
  if (IDENTIFIER.test(name)) return `"${name}"`
  throw new InvalidOptionError(
    `${option} must be letters, digits and _, at most 63, not beginning with a digit; it is "${name}".`,
  )
}
