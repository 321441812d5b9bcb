import { simulateAsync } from '@grapevine/simulation'
import { withVirtualTimeouts } from '../instance/virtual-timeouts.ts'
import { warmUp } from '../instance/warm-up.ts'
import { createWorld, type World } from '../instance/world.ts'
import type { Wire } from '@grapevine/membership/virtual'

export interface WorldOptions {
  readonly seed: number
  readonly nodes: readonly string[]
}

/** Runs a scenario in a world of its own. Not two at a time: timers of requests are the process's. @throws SimulationError */
export const inWorld = async <Result>(
  { seed, nodes }: WorldOptions,
  scenario: (world: World) => Promise<Result>,
): Promise<Result> => {
  await warmUp()
  return simulateAsync<Wire, Result>({ seed, describe: describeWire }, (simulation) =>
    withVirtualTimeouts(simulation.clock, async () => {
      const world = createWorld(simulation, nodes)
      try {
        return await scenario(world)
      } finally {
        for (const node of nodes) world.cluster.machine(node).kill()
      }
    }),
  )
}

const describeWire = (wire: Wire): string =>
  `${wire.kind} ${'bytes' in wire ? wire.bytes.length : wire.failure}`
