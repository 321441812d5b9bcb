/**
 * How fast five instances of the app notice that the packets of one are dropped, and that they flow again. Needs network
 * namespaces: `node e2e/dist/detection-figures.js [rounds]`. With `--calm 10` instead: whether anybody is suspected in
 * ten minutes; keep the machine busy meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { startCluster, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { budgetEntry, budgetEnv, status } from './cluster/budget-cluster.ts'

/** Times of one round, in milliseconds, one of each survivor. */
interface Detection {
  readonly suspect: readonly number[]
  readonly down: readonly number[]
  readonly linked: readonly number[]
}

const start = (faults: 'in-process' | 'namespaces'): Promise<Cluster> => {
  const shared = budgetEnv()
  return startCluster({
    entry: budgetEntry,
    nodes: 5,
    faults,
    logLines: 100_000,
    env: ({ host }, all) => ({
      ...shared,
      CLUSTER_LISTEN: faults === 'namespaces' ? `/ip4/${host}/tcp/4100` : '/ip4/127.0.0.1/tcp/0',
      CLUSTER_DISCOVERY: faults === 'namespaces' ? 'seeds' : 'mdns',
      ...(faults === 'namespaces'
        ? { CLUSTER_SEEDS: all.map((place) => `${place.host}:4100`).join(',') }
        : {}),
    }),
  })
}

/** When a node first logged an event about a member since a moment; `NaN` if it did not. */
const firstAfter = (node: ClusterNode, event: string, member: string, since: number): number => {
  const line = node.log.find(
    (text) => text.includes(`"${event}"`) && text.includes(member) && timeOf(text) >= since,
  )
  return line === undefined ? NaN : timeOf(line) - since
}

const timeOf = (line: string): number => Number(/"time":(\d+)/.exec(line)?.[1] ?? NaN)

const isolateOnce = async (cluster: Cluster, victim: ClusterNode): Promise<Detection> => {
  const { id } = (await status(victim)).self
  const others = cluster.nodes.filter((node) => node !== victim)
  await cluster.isolate(victim)
  const cutAt = Date.now()
  await delay(8_000)
  const suspect = others.map((node) => firstAfter(node, 'member:suspect', id, cutAt))
  const down = others.map((node) => firstAfter(node, 'member:down', id, cutAt))
  await cluster.heal()
  const healedAt = Date.now()
  await delay(6_000)
  return { suspect, down, linked: others.map((node) => firstAfter(node, 'member:linked', id, healedAt)) }
}

const show = (name: string, times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN
  process.stdout.write(`${name}: p50 ${median} ms, worst ${Math.max(...times)} ms (${times.length})\n`)
}

const measureDetection = async (rounds: number): Promise<void> => {
  await using cluster = await start('namespaces')
  // Right after a start on two cores members doubt their own health, and are slower to accuse.
  await delay(5_000)
  const found: Detection[] = []
  for (let round = 0; round < rounds; round += 1) {
    process.stdout.write(`round ${round + 1} of ${rounds}\n`)
    found.push(await isolateOnce(cluster, cluster.node(round % cluster.nodes.length)))
  }
  show(
    'dropped packets → suspect',
    found.flatMap(({ suspect }) => suspect),
  )
  show(
    'dropped packets → down',
    found.flatMap(({ down }) => down),
  )
  show(
    'heal → linked again',
    found.flatMap(({ linked }) => linked),
  )
}

const measureCalm = async (minutes: number): Promise<void> => {
  await using cluster = await start('in-process')
  for (let minute = 0; minute < minutes; minute += 1) {
    await delay(60_000)
    const lines = cluster.nodes.flatMap((node) => node.log)
    const count = (event: string): number => lines.filter((line) => line.includes(`"${event}"`)).length
    process.stdout.write(
      `minute ${minute + 1}: suspect ${count('member:suspect')}, down ${count('member:down')}\n`,
    )
  }
}

const [first, second] = process.argv.slice(2)
await (first === '--calm' ? measureCalm(Number(second ?? 10)) : measureDetection(Number(first ?? 6)))
