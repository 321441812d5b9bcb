/**
 * How soon each side of a split holds the other to be down, in simulation: `node dist/bench/splits.js [seeds]`. Links are cut
 * silently; one figure for each pair of members that are apart.
 */
import { simulate } from '@grapevine/simulation'
import { simulatedCluster } from '../testing/simulated-cluster.ts'
import { split, timesToDown } from '../testing/splits.ts'
import type { Message } from '../core/state/messages.ts'

const sizes = [
  [1, 1],
  [1, 2],
  [1, 4],
  [3, 2],
  [1, 15],
  [8, 8],
  [1, 31],
  [16, 16],
  [32, 32],
  [1, 99],
  [50, 50],
] as const

const seeds = Number(process.argv[2] ?? 20)
for (const [first, second] of sizes) {
  const times: number[] = []
  for (let seed = 1; seed <= (first + second > 40 ? Math.ceil(seeds / 5) : seeds); seed += 1) {
    simulate<Message>({ seed }, (simulation) => {
      const world = { ...simulation, cluster: simulatedCluster(simulation) }
      const cut = split(world, first, second)
      world.clock.advance(first + second > 40 ? 30_000 : 8_000)
      times.push(...timesToDown(world, cut))
    })
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string =>
    ((times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN) / 1_000).toFixed(2)
  console.log(`${first}+${second}: p50 ${at(0.5)} s, p99 ${at(0.99)} s, worst ${at(1)} s (${times.length})`)
}
