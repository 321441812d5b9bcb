import { reasonOf } from '@grapevine/std'
import { createPostgresDatabase, createTableSql, type PostgresOptions } from '@grapevine/user-cache/postgres'
import type { MirroredDatabase } from '@grapevine/user-cache'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { DatabaseOptions } from './database-options.ts'

/** A database while the instance runs. */
export interface OpenDatabase extends MirroredDatabase {
  close(): Promise<void>
}

export interface OpenPostgres {
  readonly url: string
  /** Shown among the server's connections. */
  readonly name: string
  readonly options: DatabaseOptions
  readonly log: Logger
}

/** In ms. A server that says nothing for so long is taken for one that is down. */
const patience = 5_000

/** Connects when it is first asked for something. */
export const openPostgres = async ({ url, name, options, log }: OpenPostgres): Promise<OpenDatabase> => {
  // Loaded only here: most instances have no database.
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: 4,
    keepAlive: true,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    statement_timeout: patience,
  })
  // Of connections that nobody uses; whoever uses one next is told by the query.
  pool.on('error', (error) => log.debug({ reason: reasonOf(error) }, 'a connection to the database ended'))
  const client: PostgresOptions['client'] = { query: (text, values) => pool.query<object>(text, values) }
  const database = createPostgresDatabase({ ...options, client })
  const ready = onceDone(() => makeTable(pool, options, log))
  const whenReady =
    <Given extends unknown[], T>(ask: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      await ready()
      return ask(...given)
    }
  return {
    keepsDisabled: database.keepsDisabled,
    async *load(given) {
      await ready()
      yield* database.load(given)
    },
    insert: whenReady(database.insert),
    read: whenReady(database.read),
    save: whenReady(database.save),
    remove: whenReady(database.remove),
    close: () => pool.end(),
  }
}

/** Makes the table where there is none: a look first, since only who may make tables may also ask for one "if not exists". */
const makeTable = async (pool: Pool, options: DatabaseOptions, log: Logger): Promise<void> => {
  const { table = 'users' } = options
  const quoted = table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')
  const { rows } = await pool.query<{ found: string | null }>('select to_regclass($1)::text as found', [
    quoted,
  ])
  if (rows[0]?.found !== null) return
  await pool.query(createTableSql(options))
  log.info({ table }, 'the database had no such table; it is made')
}

/** Done again after a failure, and never twice at once. */
const onceDone = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    })
    return done
  }
}
