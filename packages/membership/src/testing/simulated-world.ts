import { seedsToRun, simulate, type Conditions, type Simulation } from '@grapevine/simulation'
import { simulatedCluster, type SimulatedCluster } from './simulated-cluster.ts'
import type { Message } from '../core/state/messages.ts'

export type World = Simulation<Message> & { readonly cluster: SimulatedCluster }

/** Runs the scenario once for each seed; a failure names its seed, and `SEED=n` repeats it. */
export const inEachSeed = (
  count: number,
  conditions: Partial<Conditions>,
  scenario: (world: World) => void,
): void => {
  for (const seed of seedsToRun(count)) {
    simulate<Message>({ seed, conditions }, (simulation) =>
      scenario({ ...simulation, cluster: simulatedCluster(simulation) }),
    )
  }
}

/** Where a live member does not hold exactly the live members to be alive. */
export const wrongRosters = ({ cluster }: World): readonly string[] => {
  const live = new Set(cluster.live().map(({ id }) => id))
  return [...live].flatMap((id) => {
    const peers = cluster.find(id)?.state.peers ?? new Map()
    const unknown = [...live].filter((other) => other !== id && !peers.has(other))
    const wrong = [...peers.values()].flatMap(({ member }) =>
      (member.state === 'alive') === live.has(member.id) ? [] : [`${member.id} ${member.state}`],
    )
    return [...unknown.map((other) => `${other} unknown`), ...wrong].map((what) => `${id} holds ${what}`)
  })
}

/**
 * Lets time pass until all rosters are right.
 * @returns how long it took, in milliseconds
 */
export const rightWithin = (world: World, limit: number): number => {
  const { clock } = world
  const start = clock.now()
  for (;;) {
    const wrong = wrongRosters(world)
    if (wrong.length === 0) return clock.now() - start
    if (clock.now() >= start + limit) {
      throw new Error(`after ${limit} ms without faults: ${wrong.slice(0, 10).join('; ')}`)
    }
    clock.advance(250)
  }
}

/** Who was held to be down, at any time since, though it lives. */
export const falseDowns = ({ cluster }: World, since = 0): readonly string[] => {
  const live = new Set(cluster.live().map(({ id }) => id))
  return cluster.members.flatMap(({ id, events }) =>
    events.flatMap(({ type, member, at }) =>
      type === 'member:down' && at >= since && live.has(member.id)
        ? [`${member.id} by ${id} at ${Math.round(at)}`]
        : [],
    ),
  )
}
