import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { h5, h7 } from './clocks/stamp-rows.ts'
import { k1, k2, k3 } from './clocks/clock-rows.ts'
import { k4, w13 } from './clocks/restored-rows.ts'
import { env } from './hostile/stage.ts'
import { lanes } from './matrix.ts'

describe('the fault matrix: clocks that are wrong', () => {
  const start = (): Promise<Cluster> => startBudget(3, { env })
  lanes({ name: 'clocks', start, rows: [h5, k4, w13, h7, k3, k2, k1] })
})
