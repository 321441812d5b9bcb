import type { Person } from '../clients/person.ts'
import type { World } from '../instance/world.ts'
import type { SimulatedApp } from '../instance/app.ts'
import type { Findings } from './findings.ts'

/** What is judged: a world after its quiet, and what its people were told. */
export interface Case {
  readonly world: World
  readonly findings: Findings
  readonly persons: readonly Person[]
  readonly notes: ReadonlyMap<string, string>
}

/** Every node's app; one that does not run after the quiet is a finding. */
export const appsOf = ({ world, findings }: Case): readonly (readonly [node: string, app: SimulatedApp])[] =>
  world.cluster.nodes.flatMap((node) => {
    const app = world.instance(node)?.app
    if (app === undefined) findings.add('unavailable', `${node} does not run`)
    return app === undefined ? [] : [[node, app] as const]
  })
