import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { n5 } from './roster/cloned-rows.ts'
import { n4 } from './roster/replaced-rows.ts'
import { h4, skewed } from './roster/roster-rows.ts'
import { startBudget } from './cluster/budget-cluster.ts'
import { env } from './hostile/stage.ts'
import { lanes } from './matrix.ts'

describe('the fault matrix: wrong claims, replaced members, wrong clocks', () => {
  const start = (): Promise<Cluster> => startBudget(3, { env })
  lanes({ name: 'claims', start, rows: [skewed, h4, n4, n5] })
})
