import { Counter, type Registry } from 'prom-client'
import { gauge } from './gauge.ts'
import type { AuditEvent } from '@grapevine/auth-middleware'
import type { CountedHasher } from '../routes/counted-hasher.ts'

/** What happens at the door, by result. */
export const authMetrics = (
  register: Registry,
  hasher: CountedHasher,
): { readonly count: (event: AuditEvent) => void } => {
  const events = new Counter({
    name: 'grapevine_auth_events_total',
    help: 'Sign-ups, logins, logouts and account changes, with the reason of those that were refused',
    labelNames: ['type', 'reason'],
    registers: [register],
  })
  gauge(
    register,
    { name: 'grapevine_hash_jobs', help: 'Password hashes that wait or run now' },
    () => hasher.pending,
  )
  return {
    count: (event) => events.inc({ type: event.type, reason: 'reason' in event ? event.reason : '' }),
  }
}
