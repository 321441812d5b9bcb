import { startCluster, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { budgetEntry, budgetEnv } from '../cluster/budget-cluster.ts'
import { freePort } from './running.ts'
import { publicUrl } from './through.ts'

/** Instances as they run behind a proxy. */
export interface Behind extends AsyncDisposable {
  readonly cluster: Cluster
  /** Where instances are, or are not yet: twice as many as run, so that new ones can come before the old ones go. */
  readonly ports: readonly number[]
  /** Those that run now, the next to be replaced first. */
  running: readonly ClusterNode[]
}

const instances = 3

/** What an instance is told that is behind one proxy which ends TLS. */
export const behindOne: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  PUBLIC_URL: publicUrl,
  TRUSTED_PROXIES: '1',
  LOG_LEVEL: 'info',
}

export const startBehind = async (): Promise<Behind> => {
  const ports: number[] = []
  while (ports.length < 2 * instances) {
    const port = await freePort()
    if (!ports.includes(port)) ports.push(port)
  }
  const cluster = await startCluster({
    entry: budgetEntry,
    nodes: instances,
    env: budgetEnv({ ...behindOne, DRAIN_DELAY: process.env['DRAIN_DELAY'] ?? '' }),
    // Of seven nodes the last is where the first was, which is gone by then.
    place: ({ index }) => ({ port: ports[index % ports.length] ?? 0 }),
    faults: 'in-process',
    startTimeoutMs: 60_000,
    stopTimeoutMs: 25_000,
  })
  return { cluster, ports, running: cluster.nodes, [Symbol.asyncDispose]: () => cluster.stop() }
}

/** One after the other ends and comes back, at its place and with its disk. */
export const restartAll = async ({ running }: Behind): Promise<void> => {
  for (const node of running) {
    const outcome = await node.restart()
    expect({ node: node.name, ...outcome }).toMatchObject({ how: 'graceful', code: 0 })
  }
}

/** For each a new one, with an empty disk, and then the old one ends. */
export const deployAnew = async (behind: Behind): Promise<void> => {
  for (const old of behind.running) {
    const next = await behind.cluster.start()
    behind.running = [...behind.running.slice(1), next]
    const outcome = await old.stop()
    expect({ node: old.name, ...outcome }).toMatchObject({ how: 'graceful', code: 0 })
  }
}
