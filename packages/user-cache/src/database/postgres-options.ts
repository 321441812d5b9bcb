import {
  checkOptions,
  group,
  optional,
  orElse,
  textLike,
  wholeNumber,
  withMethods,
  type Check,
  type Checks,
} from '@grapevine/std'

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
  /** boolean; `null` for a table without it, whose accounts are all enabled. @default 'disabled' */
  readonly disabled?: string | null
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
  readonly disabled: string | undefined
}

export interface CheckedPostgresOptions {
  readonly client: PostgresClient
  readonly names: Names
  readonly pageSize: number
}

/** What needs no escaping within quotes; PostgreSQL cuts names after 63 bytes. */
const identifier = textLike(
  /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
  'letters, digits and _, at most 63, not beginning with a digit',
)

const tableName = textLike(
  /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/,
  '"table" or "schema.table", each of letters, digits and _, at most 63, not beginning with a digit',
)

const columnOrNone: Check<string | null> = (option, value) =>
  value === null ? null : identifier(option, value)

const columnChecks = {
  id: orElse(identifier, 'id'),
  username: orElse(identifier, 'username'),
  name: orElse(columnOrNone, 'name'),
  passwordHash: orElse(identifier, 'password_hash'),
  registeredAt: orElse(identifier, 'registered_at'),
  disabled: orElse(columnOrNone, 'disabled'),
} satisfies Checks<PostgresColumns>

const checks = {
  client: withMethods<PostgresClient>('query'),
  table: orElse(tableName, 'users'),
  columns: optional(group(columnChecks)),
  pageSize: orElse(wholeNumber(1, 100_000), 1_000),
} satisfies Checks<PostgresOptions>

/** @throws `INVALID_OPTION` */
export const checkPostgresOptions = (options: PostgresOptions): CheckedPostgresOptions => {
  const { client, table, columns, pageSize } = checkOptions(options, checks)
  const { id, username, name, passwordHash, registeredAt, disabled } =
    columns ?? group(columnChecks)('columns', {})
  return {
    client,
    pageSize,
    names: {
      table: table.split('.').map(quote).join('.'),
      id: quote(id),
      username: quote(username),
      name: name === null ? undefined : quote(name),
      passwordHash: quote(passwordHash),
      registeredAt: quote(registeredAt),
      disabled: disabled === null ? undefined : quote(disabled),
    },
  }
}

const quote = (name: string): string => `"${name}"`
