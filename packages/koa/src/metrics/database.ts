import { gauge } from './gauge.ts'
import type { MirrorStatus } from '@grapevine/user-cache'
import type { Registry } from 'prom-client'
import type { Instance } from '../instance/instance.ts'

/** How it is between this node and the database of `DATABASE_URL`, where there is one. */
export const databaseMetrics = (register: Registry, { database }: Pick<Instance, 'database'>): void => {
  if (database === undefined) return
  const each: readonly (readonly [name: string, help: string, read: (status: MirrorStatus) => number])[] = [
    ['up', '1 when the database answers', ({ state }) => (state === 'up' ? 1 : 0)],
    ['loaded', '1 when its accounts were taken in', ({ isLoaded }) => (isLoaded ? 1 : 0)],
    ['pending_accounts', 'Accounts whose rows are still to be written', ({ pending }) => pending],
    ['refused_accounts', 'Accounts that the database does not take as they are', ({ refused }) => refused],
    ['differing_rows', 'Rows that say what no member has said', ({ differing }) => differing],
  ]
  for (const [name, help, read] of each) {
    gauge(register, { name: `grapevine_database_${name}`, help }, () => read(database.status()))
  }
}
