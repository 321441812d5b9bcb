import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { lanes, packetsCanBeDropped } from './matrix.ts'
import { f23 } from './partitions/heal-rows.ts'

const possible = await packetsCanBeDropped('F23')

/** Alone on the machine: of one that does not get a processor for a second others are right to be suspicious. */
describe.runIf(possible)('the fault matrix: heals, packets dropped', () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults: 'namespaces' })
  lanes({ name: 'heals', start, rows: [f23] })
})
