/** How fast the simulation is, and how fast clusters recover in it: `SEEDS=1000 node dist/bench/seeds.js [largest]`. */
import { wholeBetween } from '@grapevine/simulation'
import { anyFaults } from '../testing/faults.ts'
import { inEachSeed } from '../testing/simulated-world.ts'
import { quantile } from './processes.ts'

const largest = Number(process.argv[2] ?? 12)
const times: number[] = []
const began = performance.now()
inEachSeed(1, {}, (world) => {
  // One in a hundred is large.
  const size =
    world.seed % 100 === 0 ? wholeBetween(world.random, 50, 200) : wholeBetween(world.random, 3, largest)
  times.push(anyFaults(world, size))
})
const wall = (performance.now() - began) / 1_000
const cpu = process.cpuUsage().user / 1e6
console.log(`${times.length} seeds in ${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU`)
console.log(
  `rosters right after the last fault: p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms, worst ${Math.max(...times)} ms`,
)
