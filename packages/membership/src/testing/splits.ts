import { shuffled } from '@grapevine/simulation'
import type { MembershipEvent } from '../core/state/effect.ts'
import type { SimulatedMember } from './simulated-cluster.ts'
import type { World } from './simulated-world.ts'

export interface SplitWorld {
  /** The two sides, by id. */
  readonly sides: readonly [readonly string[], readonly string[]]
  /** When packets began to be dropped. */
  readonly cutAt: number
  heal(): void
}

/** A cluster of two sides that has settled and is cut silently: packets are dropped, no link is closed. */
export const split = (world: World, first: number, second: number): SplitWorld => {
  const { cluster, clock, network, random } = world
  cluster.startMany(first + second)
  clock.advance(5_000 + 1_000 * random())
  const ids = shuffled(
    random,
    cluster.live().map(({ id }) => id),
  )
  const sides = [ids.slice(0, first), ids.slice(first)] as const
  network.partition(...sides)
  return { sides, cutAt: clock.now(), heal: () => network.heal() }
}

type TimedEvent = MembershipEvent & { readonly at: number }

const eventsOf = (member: SimulatedMember, type: MembershipEvent['type'], since: number): TimedEvent[] =>
  member.events.filter((event) => event.type === type && event.at >= since)

/** How long each member took to hold each of the other side to be down, in milliseconds; `Infinity` where it does not. */
export const timesToDown = ({ cluster }: World, { sides, cutAt }: SplitWorld): readonly number[] =>
  sides.flatMap((side, index) =>
    side.flatMap((id) => {
      const member = cluster.find(id)
      const downs = member === undefined ? [] : eventsOf(member, 'member:down', cutAt)
      return (sides[1 - index] ?? []).map(
        (other) => (downs.find((event) => event.member.id === other)?.at ?? Infinity) - cutAt,
      )
    }),
  )

/** What was told, since the cut, of members that were never apart from the one that told it. */
export const wrongedNeighbours = ({ cluster }: World, { sides, cutAt }: SplitWorld): readonly string[] =>
  sides.flatMap((side) =>
    side.flatMap((id) => {
      const member = cluster.find(id)
      if (member === undefined) return []
      return (['member:suspect', 'member:down', 'member:left'] as const).flatMap((type) =>
        eventsOf(member, type, cutAt).flatMap((event) =>
          side.includes(event.member.id)
            ? [`${id} told ${type} of ${event.member.id} after ${Math.round(event.at - cutAt)} ms`]
            : [],
        ),
      )
    }),
  )
