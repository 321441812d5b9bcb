import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { lanes, packetsCanBeDropped } from './matrix.ts'
import { f1, f18, f19, f2, f4, f6, f9 } from './partitions/dropped-rows.ts'
import { f12, f3, f7 } from './partitions/waiting-rows.ts'

const possible = await packetsCanBeDropped('F1 F2 F4 F6 F9 F18 F19, F3 F7 F12')

describe.runIf(possible)('the fault matrix, packets dropped', () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults: 'namespaces' })
  lanes(
    { name: 'halves', start, rows: [f1, f2, f4, f6, f9, f18, f19] },
    { name: 'waits', start, rows: [f3, f7, f12] },
  )
})
