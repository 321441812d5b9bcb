import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster, type ClusterOptions } from '@grapevine/local-cluster'
import { budgetEntry, budgetEnv } from '../cluster/budget-cluster.ts'
import { startNameServer, type NameServer, type Records } from '../cluster/name-server.ts'

/** A cluster whose nodes look names up as the system does, by a resolv.conf and a hosts file of their own. */
export interface NamedCluster extends AsyncDisposable {
  readonly cluster: Cluster
  /** Of this process on the nodes' network: where their name server is. */
  readonly gateway: string
  /** Addresses of the nodes. */
  readonly hosts: readonly string[]
  /** Replaced in place, as an operator would. */
  setResolvConf(text: string): Promise<void>
}

export interface NamedOptions {
  readonly nodes: number | readonly string[]
  /** What the name server at the gateway knows. */
  readonly records: (hosts: readonly string[]) => Records
  readonly resolvConf: (gateway: string) => string
  /** @default only the machine itself */
  readonly hostsFile?: (hosts: readonly string[]) => string
  readonly env: (
    gateway: string,
    node: { readonly host: string; readonly index: number },
  ) => Record<string, string>
  readonly ready?: string
  /** @default the app's own settings in tests */
  readonly base?: Readonly<Record<string, string>>
  readonly options?: Partial<ClusterOptions>
}

/** Both files are put over those of the machine, seen by the node alone: `ip netns exec` gives it mounts of its own. */
const withOwnFiles =
  'mount --bind "$OWN_RESOLV" /etc/resolv.conf && mount --bind "$OWN_HOSTS" /etc/hosts && exec "$@"'

export const startNamed = async (named: NamedOptions): Promise<NamedCluster> => {
  const folder = await mkdtemp(join(tmpdir(), 'names-'))
  const files = { OWN_RESOLV: join(folder, 'resolv.conf'), OWN_HOSTS: join(folder, 'hosts') }
  await writeFile(files.OWN_RESOLV, '')
  await writeFile(files.OWN_HOSTS, '127.0.0.1 localhost\n')
  const shared = named.base ?? budgetEnv({ LOG_LEVEL: 'info' })
  let setUp: Promise<SetUp> | undefined
  const cluster = await startCluster({
    command: ['sh', '-c', withOwnFiles, 'sh', process.execPath, budgetEntry],
    nodes: named.nodes,
    faults: 'namespaces',
    startTimeoutMs: 60_000,
    stopTimeoutMs: 25_000,
    ...(named.ready === undefined ? {} : { ready: named.ready }),
    ...named.options,
    env: (place, all) => {
      const hosts = all.map(({ host }) => host)
      const gateway = place.host.replace(/\d+$/, '1')
      // Its addresses are there from now on; who looks a name up before is answered at the next try.
      setUp ??= prepare(named, { gateway, hosts, files })
      const { CLUSTER_LISTEN: _any, CLUSTER_DISCOVERY: _mdns, ...rest } = shared
      return { ...rest, ...files, ...named.env(gateway, place) }
    },
  })
  const { gateway, hosts, names } = (await setUp) ?? {}
  return {
    cluster,
    gateway: gateway ?? '',
    hosts: hosts ?? [],
    setResolvConf: (text) => writeFile(files.OWN_RESOLV, text),
    [Symbol.asyncDispose]: async () => {
      await names?.[Symbol.asyncDispose]()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface SetUp {
  readonly gateway: string
  readonly hosts: readonly string[]
  readonly names: NameServer
}

const prepare = async (
  { records, resolvConf, hostsFile }: NamedOptions,
  {
    gateway,
    hosts,
    files,
  }: Omit<SetUp, 'names'> & { readonly files: { OWN_RESOLV: string; OWN_HOSTS: string } },
): Promise<SetUp> => {
  await writeFile(files.OWN_RESOLV, resolvConf(gateway))
  await writeFile(files.OWN_HOSTS, `127.0.0.1 localhost\n${hostsFile?.(hosts) ?? ''}`)
  const names = await startNameServer(records(hosts), { host: gateway, port: 53 })
  return { gateway, hosts, names }
}
