import { Counter, type Registry } from 'prom-client'
import { gauge, type Values } from './gauge.ts'
import type { FactsStatus } from '@grapevine/replica'
import type { Instance } from '../instance/instance.ts'

/** How far other members are behind what was acknowledged here, and with whom exchanges fail. */
export const exchangeMetrics = (register: Registry, instance: Instance): void => {
  gauge(
    register,
    {
      name: 'grapevine_member_lag_seconds',
      help: 'Since the first write that was acknowledged here and that the member did not confirm',
      label: 'member',
    },
    () => lagOf(instance),
  )
  gauge(
    register,
    {
      name: 'grapevine_unconfirmed_writes',
      help: 'Writes acknowledged here that a reachable member did not confirm in time and has not caught up with',
      label: 'replica',
    },
    () => eachSet(instance, ({ behind }) => behind.reduce((sum, { writes }) => sum + writes, 0)),
  )
  gauge(
    register,
    {
      name: 'grapevine_failed_exchanges',
      help: 'Reachable members whose last exchange with this node failed',
      label: 'replica',
    },
    () => eachSet(instance, ({ failed }) => failed.length),
  )
  register.registerMetric(unknownMessages(instance))
}

type Sets = readonly (readonly [string, FactsStatus])[]

/** Of what is replicated, the sets of facts. */
const setsOf = ({ replicas }: Pick<Instance, 'replicas'>): Sets =>
  Object.entries(replicas).flatMap(([name, replica]): Sets => {
    const status = replica.status()
    return 'behind' in status ? [[name, status]] : []
  })

const eachSet = (instance: Instance, read: (status: FactsStatus) => number): Values =>
  Object.fromEntries(setsOf(instance).map(([name, status]) => [name, read(status)]))

const lagOf = (instance: Instance): Values => {
  const lags = new Map<string, number>()
  for (const { id, name } of instance.membership.members()) {
    const behind = setsOf(instance).flatMap(([, status]) =>
      status.behind.filter(({ member }) => member === id),
    )
    lags.set(name, Math.max(0, ...behind.map((lag) => lag.for / 1_000)))
  }
  return Object.fromEntries(lags)
}

const unknownMessages = (instance: Instance): Counter =>
  new Counter({
    name: 'grapevine_unknown_messages_total',
    help: 'Messages of kinds that this version does not know, ignored',
    labelNames: ['replica'],
    registers: [],
    collect() {
      this.reset()
      for (const [replica, { unknown }] of setsOf(instance)) this.inc({ replica }, unknown)
    },
  })
