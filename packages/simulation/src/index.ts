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
export { seedsToRun, simulate, simulateAsync, SimulationError, type Simulation } from './simulate.ts'

export type { DiskOptions, ShortestOptions, SimulationOptions } from './config.ts'
export { createTrace, type Trace } from './trace.ts'
export { shortestStory, type ShortestStory } from './shortest-story.ts'

// The world
export type { HostListener, NetworkEvent, VirtualHost, VirtualNetwork } from './network/virtual-network.ts'
export { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts'
export { createWallClock, type WallClock } from './clock/wall-clock.ts'
export { defaultConditions, type Conditions } from './network/conditions.ts'
export type { DialResult } from './network/virtual-links.ts'
export type { HostState } from './network/mailbox.ts'

// Machines with programs
export { createVirtualCluster, type VirtualCluster } from './cluster/virtual-cluster.ts'
export type { Machine, Outside } from './cluster/machine.ts'

// Disks
export { createVirtualDisk } from './disk/virtual-disk.ts'
export type { DiskProcess, DiskTrouble, VirtualDisk } from './disk/virtual-disk.ts'
export type { VirtualFile, VirtualFiles } from './disk/files.ts'

// Chance
export { bytesFrom, derivedRandom } from './random.ts'
export { between, seededRandom, shuffled, wholeBetween, type Random } from './random.ts'
