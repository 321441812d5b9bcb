import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { AuditEvent } from '@grapevine/auth-middleware'
import type { Node } from './node.ts'

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  count(event: AuditEvent): void
}

/** What an operator needs to see of a node, in the text format of Prometheus. */
export const createMetrics = (node: Node): Metrics => {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const doors = new Counter({
    name: 'grapevine_auth_events_total',
    help: 'Sign-ups, logins and logouts by result',
    labelNames: ['type'],
    registers: [register],
  })
  const members = new Gauge({
    name: 'grapevine_members',
    help: 'Members that this node knows of, by state',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.reset()
      for (const state of ['alive', 'suspect', 'down', 'left']) this.set({ state }, 0)
      for (const { state } of node.membership.members()) this.inc({ state })
    },
  })
  gauge(register, 'grapevine_users', 'Users that this node holds', () => node.users.size)
  gauge(
    register,
    'grapevine_contested_names',
    'Usernames with more than one claim',
    () => node.users.contestedNames().length,
  )
  gauge(register, 'grapevine_ready', '1 when this node is ready to serve', () => (node.isReady() ? 1 : 0))
  const bytes = new Gauge({
    name: 'grapevine_replica_bytes',
    help: 'Bytes of document content received and sent since the start',
    labelNames: ['replica', 'direction'],
    registers: [],
    collect() {
      for (const [replica, { status }] of Object.entries(node.replicas)) {
        this.set({ replica, direction: 'in' }, status().bytesIn)
        this.set({ replica, direction: 'out' }, status().bytesOut)
      }
    },
  })
  register.registerMetric(members)
  register.registerMetric(bytes)
  return {
    contentType: register.contentType,
    render: () => register.metrics(),
    count: ({ type }) => doors.inc({ type }),
  }
}

const gauge = (register: Registry, name: string, help: string, read: () => number): void => {
  const metric = new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read())
    },
  })
  register.registerMetric(metric)
}
