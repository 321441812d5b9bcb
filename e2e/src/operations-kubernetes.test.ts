import { readFileSync } from 'node:fs'
import { rm, writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { showLogsOnFailure } from '@grapevine/local-cluster/vitest'
import { expect, onTestFinished, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { wipe } from './cluster/wipe.ts'
import { packetsCanBeDropped } from './matrix.ts'
import { startNamed } from './name-lookup/named-cluster.ts'
import { overTls, untilOneCluster } from './name-lookup/pods.ts'
import { logInAtOnce, person, signUp } from './people/person.ts'

const hasNamespaces = await packetsCanBeDropped('deploy/kubernetes.yaml')

const manifest = readFileSync(new URL('../../deploy/kubernetes.yaml', import.meta.url), 'utf8')
const [headless, , , set] = parseAllDocuments(manifest).map((document) => document.toJS())
const [container] = set.spec.template.spec.containers

interface Variable {
  readonly name: string
  readonly value?: string
}

/** What a pod's container is told; its own name comes from the field of the same, its folder is a volume. */
const environment = (secretFile: string): Record<string, string> => {
  const given: readonly Variable[] = container.env
  const all = given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]))
  const { DATA_DIR: _volume, ...rest } = Object.fromEntries(all)
  expect(rest['CLUSTER_SECRET_FILE']).toBe('/run/secrets/grapevine/cluster-secret')
  return { ...rest, CLUSTER_SECRET_FILE: secretFile }
}

const pods: readonly string[] = Array.from(
  { length: set.spec.replicas },
  (_, index) => `${set.metadata.name}-${index}`,
)

test.skipIf(!hasNamespaces)(
  'the manifest played: five pods become one cluster, through a rolling update, and when a volume is lost',
  { timeout: 360_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubernetes-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const secretFile = join(folder, 'cluster-secret')
    await writeFile(secretFile, 'a-secret-of-the-manifest-of-a-test\n')
    // A pod's address is in the answer from when it has one, ready or not, until it is gone.
    expect([headless.spec.clusterIP, headless.spec.publishNotReadyAddresses]).toEqual(['None', true])
    const gone = new Set<string>()
    const service = `${headless.metadata.name}.default.svc.cluster.local`
    await using named = await startNamed({
      nodes: pods,
      resolvConf: (gateway) =>
        `nameserver ${gateway}\nsearch default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n`,
      records: (hosts) => (name) => {
        const addresses = hosts.filter((host) => !gone.has(host)).toSorted(() => Math.random() - 0.5)
        return name === service && addresses.length > 0 ? addresses : undefined
      },
      base: environment(secretFile),
      env: () => ({}),
      options: {
        stopTimeoutMs: set.spec.template.spec.terminationGracePeriodSeconds * 1_000,
        startTimeoutMs: 90_000,
      },
    })
    const { cluster } = named
    showLogsOnFailure(cluster)
    await untilOneCluster(cluster.nodes)
    await signUp(overTls(cluster.node(0)), person('ada'))

    // As a StatefulSet does it: the last first, the next when it is ready.
    for (const node of [...cluster.nodes].toReversed().slice(0, 2)) {
      gone.add(node.host)
      const restarting = node.restart()
      gone.delete(node.host)
      expect(await restarting).toMatchObject({ how: 'graceful', code: 0 })
      await untilOneCluster(cluster.nodes)
      await logInAtOnce(overTls(node), person('ada'))
    }

    const last = cluster.node(pods.length - 1)
    await last.kill()
    await wipe(last)
    await last.restart()
    await untilOneCluster(cluster.nodes)
    await logInAtOnce(overTls(last), person('ada'))
  },
)
