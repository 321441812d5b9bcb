/**
 * How often a member that lives is held to be down, in simulation: `node dist/bench/false-downs.js [hours]`. Hours are of
 * members: a cluster of five for an hour is five. Loss delays packets, as TCP does, or drops messages for good.
 */
import { simulate } from '@grapevine/simulation'
import { simulatedCluster } from '../testing/simulated-cluster.ts'
import { falseDowns } from '../testing/simulated-world.ts'
import type { Message } from '../core/state/messages.ts'

const hours = Number(process.argv[2] ?? 2)
const perRun = 600_000

for (const lossOnLinks of ['delays', 'drops'] as const)
  for (const loss of [0, 0.05, 0.2])
    for (const size of [2, 3, 5, 16, 32]) {
      const runs = Math.max(1, Math.ceil((hours * 3_600_000) / (size * perRun)))
      let downs = 0
      for (let seed = 1; seed <= runs; seed += 1) {
        simulate<Message>({ seed, conditions: { loss, lossOnLinks } }, (simulation) => {
          const world = { ...simulation, cluster: simulatedCluster(simulation) }
          world.cluster.startMany(size)
          world.clock.advance(perRun)
          downs += falseDowns(world).length
        })
      }
      const memberHours = (runs * size * perRun) / 3_600_000
      console.log(
        `${lossOnLinks} ${loss * 100} %, ${size} members: ${downs} in ${memberHours.toFixed(1)} member hours, ${(downs / memberHours).toFixed(2)} each`,
      )
    }
