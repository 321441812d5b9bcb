/** The SQL of a table of accounts, with `$1` and so on in the place of values. */
import type { Names } from './postgres-options.ts'

export interface Statement {
  readonly text: string
  /** Those of the values that the text has places for: a server refuses more. */
  readonly pick: (values: readonly unknown[]) => unknown[]
}

export interface Statements {
  readonly firstPage: Statement
  readonly nextPage: Statement
  readonly read: Statement
  readonly insert: Statement
  readonly update: Statement
  readonly updateAllButName: Statement
  readonly remove: Statement
}

export const statementsFor = (names: Names): Statements => {
  const { table, id, username, name, passwordHash, registeredAt, disabled } = names
  const select =
    `select ${id}::text as id, ${username} as username, ${passwordHash} as password_hash, ` +
    `floor(extract(epoch from ${registeredAt}) * 1000)::float8 as registered_at` +
    `${disabled === undefined ? '' : `, ${disabled} as disabled`} from ${table}`
  const order = `order by ${id} limit $1`
  /** Where each column's value is, in the order of `insert`. */
  const rest = [name, disabled].filter((column) => column !== undefined)
  const columns = [id, username, passwordHash, registeredAt, ...rest]
  const places = [
    '$1',
    '$2',
    '$3',
    'to_timestamp($4::float8 / 1000)',
    ...rest.map((_, index) => `$${index + 5}`),
  ]
  // When somebody was registered does not change.
  const set = columns.flatMap((column, index) =>
    column === id || column === registeredAt ? [] : [{ column, index }],
  )
  return {
    firstPage: all(`${select} ${order}`),
    nextPage: all(`${select} where ${id} > $2 ${order}`),
    read: all(`${select} where ${id}::text = any($1::text[])`),
    insert: all(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`),
    update: {
      text: `update ${table} set ${set.map(({ column }, place) => `${column} = $${place + 2}`).join(', ')} where ${id} = $1 returning 1`,
      pick: (values) => [values[0], ...set.map(({ index }) => values[index])],
    },
    updateAllButName: {
      text: `update ${table} set ${passwordHash} = $2${disabled === undefined ? '' : `, ${disabled} = $3`} where ${id} = $1`,
      pick: (values) => values.slice(0, disabled === undefined ? 2 : 3),
    },
    remove: all(`delete from ${table} where ${id} = $1`),
  }
}

const all = (text: string): Statement => ({ text, pick: (values) => [...values] })
