import { setTimeout as delay } from 'node:timers/promises'
import { probeNamespaces, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converged, everyNodeSees, startBudget, status } from './cluster/budget-cluster.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'

/** How long packets are dropped, in milliseconds. */
const splitFor = 30_000

const probe = await probeNamespaces()
if (probe.kind === 'impossible') process.stdout.write(`SKIPPED: story 2 with dropped packets: ${probe.why}\n`)

describe.runIf(probe.kind === 'possible')('story 2 with packets really dropped', () => {
  const left = ['node-1', 'node-2', 'node-3']
  const right = ['node-4', 'node-5']
  const onLeft = [person('lea'), person('lou')]
  const onRight = [person('ria'), person('rob')]
  let cluster: Cluster
  const nodes = (names: readonly string[]): ClusterNode[] => names.map((name) => cluster.node(name))
  beforeAll(async () => {
    cluster = await startBudget(5, { faults: 'namespaces' })
  })
  afterAll(() => cluster.stop())

  test('each side goes on by itself, and knows nobody of the other', async () => {
    await cluster.partition([left, right])
    const dropped = Date.now()
    for (const who of onLeft) await signUp(cluster.node('node-1'), who)
    for (const who of onRight) await signUp(cluster.node('node-4'), who)
    for (const who of onLeft) await logInAtOnce(cluster.node('node-2'), who)
    for (const who of onRight) await logInAtOnce(cluster.node('node-5'), who)
    expect((await tryLogin(cluster.node('node-5'), person('lea'))).status).toBe(200)
    await everyNodeSees(nodes(left), 3, 20_000)
    await everyNodeSees(nodes(right), 2, 20_000)
    await delay(splitFor - (Date.now() - dropped))
  })

  test('after the heal everybody logs in everywhere', async () => {
    await cluster.heal()
    const healed = performance.now()
    await converged(cluster.nodes, 30_000)
    process.stdout.write(
      `dropped packets: equal digests ${Math.round(performance.now() - healed)} ms after the heal\n`,
    )
    for (const node of cluster.nodes) {
      for (const who of [...onLeft, ...onRight]) await logInAtOnce(node, who)
    }
    await everyNodeSees(cluster.nodes, 5)
    for (const node of cluster.nodes) expect((await status(node)).view).toBe('whole')
  })
})
