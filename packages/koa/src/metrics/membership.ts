import { Histogram, type Registry } from 'prom-client'
import { gauge, type Values } from './gauge.ts'
import type { Membership } from '@grapevine/membership'

const states = ['alive', 'suspect', 'down', 'left'] as const
const views = ['whole', 'majority', 'minority'] as const

/** Who is there, how much of the cluster is seen from here, and how long it takes to be sure. */
export const membershipMetrics = (
  register: Registry,
  { membership }: { readonly membership: Membership },
): void => {
  gauge(
    register,
    { name: 'grapevine_members', help: 'Members that this node knows of', label: 'state' },
    () =>
      counted(
        states,
        membership.members().map(({ state }) => state),
      ),
  )
  gauge(
    register,
    { name: 'grapevine_view', help: '1 for how much of the cluster this node sees', label: 'view' },
    () => counted(views, [membership.view()]),
  )
  gauge(
    register,
    { name: 'grapevine_links', help: 'Members that this node can send requests to' },
    () => membership.reachable().length,
  )
  gauge(
    register,
    {
      name: 'grapevine_clock_skew_seconds',
      help: 'How far the clock of a member is ahead of this node, negative if behind',
      label: 'member',
    },
    () =>
      Object.fromEntries(
        membership
          .members()
          .flatMap(({ name, skew, state }) =>
            skew === undefined || state !== 'alive' ? [] : [[name, skew / 1_000]],
          ),
      ),
  )
  suspicionTimes(register, membership)
}

const counted = (names: readonly string[], seen: readonly string[]): Values =>
  Object.fromEntries(names.map((name) => [name, seen.filter((each) => each === name).length]))

/** From the first missed probe to the verdict: the part of failure detection that can be measured from here. */
const suspicionTimes = (register: Registry, membership: Pick<Membership, 'on'>): void => {
  const suspicions = new Histogram({
    name: 'grapevine_suspicion_seconds',
    help: 'From suspecting a member to declaring it down, or to hearing that it is alive',
    labelNames: ['verdict'],
    buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 32],
    registers: [register],
  })
  for (const verdict of ['down', 'alive', 'left']) suspicions.zero({ verdict })
  const since = new Map<string, number>()
  membership.on('member:suspect', ({ member }) => void since.set(member.id, performance.now()))
  for (const [type, verdict] of [
    ['member:down', 'down'],
    ['member:up', 'alive'],
    ['member:left', 'left'],
  ] as const) {
    membership.on(type, ({ member }) => {
      const start = since.get(member.id)
      if (start !== undefined) suspicions.observe({ verdict }, (performance.now() - start) / 1_000)
      since.delete(member.id)
    })
  }
}
