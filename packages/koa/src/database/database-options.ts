import { InvalidOptionError, type Check } from '@grapevine/std'
import { createTableSql, type PostgresOptions } from '@grapevine/user-cache/postgres'

/** Where in the database of `DATABASE_URL` the users are. */
export type DatabaseOptions = Omit<PostgresOptions, 'client'>

export const checkDatabase: Check<DatabaseOptions> = (option, value) => {
  if (typeof value === 'object' && value !== null && !('client' in value)) {
    // Whatever is wrong with it is said in the words of who knows.
    createTableSql(value)
    return value
  }
  throw new InvalidOptionError(option, typeof value, 'an object of table, columns, pageSize')
}
