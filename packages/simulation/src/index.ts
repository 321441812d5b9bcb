/**
 * A virtual network with a virtual clock, for protocols that are pure or nearly so: hundreds of nodes, minutes
 * of time, thousands of seeds, in seconds. It knows neither the nodes nor their messages.
 *
 * @example
 * ```ts
 * import { simulate } from '@grapevine/simulation'
 *
 * simulate<string>({ seed: 42, conditions: { loss: 0.2 } }, ({ clock, network }) => {
 *   const heard: string[] = []
 *   const a = network.host('a', { received: () => undefined })
 *   network.host('b', { received: (from, text) => heard.push(`${from}: ${text}`) })
 *   a.dial('b', () => a.send('b', 'hello'))
 *   network.partition(['a'], ['b'])
 *   clock.advance(5_000) // nothing arrives
 *   network.heal()
 *   a.dial('b', () => a.send('b', 'hello again'))
 *   clock.advance(5_000)
 * })
 * ```
 *
 * @module
 */

// Running
export {
  seedsToRun,
  simulate,
  simulateAsync,
  SimulationError,
  type Simulation,
  type SimulationOptions,
} from './simulate.ts'

// The world
export type { HostListener, VirtualHost, VirtualNetwork } from './network/virtual-network.ts'
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts'
export { defaultConditions, type Conditions } from './network/conditions.ts'
export type { DialResult } from './network/virtual-links.ts'
export type { HostState } from './network/mailbox.ts'

// Chance
export { between, seededRandom, shuffled, wholeBetween, type Random } from './random.ts'
