import { collectDefaultMetrics, Registry } from 'prom-client'
import { authMetrics } from './auth.ts'
import { contentMetrics } from './content.ts'
import { databaseMetrics } from './database.ts'
import { membershipMetrics } from './membership.ts'
import { upgradeMetrics } from './upgrade.ts'
import type { AuditEvent } from '@grapevine/auth-middleware'
import type { CountedHasher } from '../routes/counted-hasher.ts'
import type { Instance } from '../instance/instance.ts'

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  count(event: AuditEvent): void
}

/** What an operator needs to see of a node, in the text format of Prometheus; event-loop delay included. */
export const createMetrics = (instance: Instance, hasher: CountedHasher): Metrics => {
  const register = new Registry()
  membershipMetrics(register, instance)
  upgradeMetrics(register, instance)
  contentMetrics(register, instance)
  databaseMetrics(register, instance)
  const auth = authMetrics(register, hasher)
  return {
    contentType: register.contentType,
    render: () => Registry.merge([ofProcess(), register]).metrics(),
    count: auth.count,
  }
}

let collected: Registry | undefined

/** Those of the process are collected once, however many instances run in it: nothing ends their timers and observers. */
const ofProcess = (): Registry => {
  if (collected === undefined) {
    collected = new Registry()
    collectDefaultMetrics({ register: collected })
    for (const name of misnamed) collected.removeSingleMetric(name)
  }
  return collected
}

/** Gauges of prom-client that are named as counters are; the same figures are there by type, under names that promtool accepts. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const
