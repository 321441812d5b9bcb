import type { Cluster } from '@grapevine/local-cluster'
import { describe } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { e2, e3 } from './hostile/erasure-rows.ts'
import { h1, h2, h3, h6, h8, v3 } from './hostile/liar-rows.ts'
import { env } from './hostile/stage.ts'
import { lanes } from './matrix.ts'

describe('the fault matrix: a member that lies', () => {
  const start = (): Promise<Cluster> => startBudget(3, { env })
  lanes({ name: 'liars', start, rows: [v3, e3, e2, h1, h2, h3, h8, h6] })
})
