import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { p5, p6, p8 } from './hostile/member-rows.ts'
import { env } from './hostile/stage.ts'
import { p1, p2, p3, p4 } from './hostile/stranger-rows.ts'
import { lanes } from './matrix.ts'

describe('the fault matrix: strangers and hostile members', () => {
  const start = (): Promise<Cluster> => startBudget(3, { env })
  lanes({ name: 'hostile', start, rows: [p1, p2, p3, p4, p5, p8, p6] })
})
