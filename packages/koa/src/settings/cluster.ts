import { isIP } from 'node:net'
import { dns, InvalidOptionError, mdns, seedAddress, seeds, type Discovery } from '@grapevine/membership'
import { announceOf, hasIpv6 } from './addresses.ts'
import { longTimeOrNeverOf, secondsOrNeverOf } from './durations.ts'
import { listOf, textOf, type Environment } from './environment.ts'
import type { Mode } from './mode.ts'
import { readSecrets } from './secrets.ts'
import { SettingError } from './setting-error.ts'
import { nameOf } from './values.ts'

/** How an instance and the others of its cluster find each other. */
export interface ClusterSettings {
  /** `CLUSTER_NAME`. @default the name of the app */
  readonly clusterName: string
  /** `CLUSTER_SECRET` or `CLUSTER_SECRET_FILE`; the first signs. Required */
  readonly secrets: readonly string[]
  /** `CLUSTER_LISTEN`, multiaddrs. @default a free port on all addresses; 4100 where DNS is asked */
  readonly clusterListen: readonly string[]
  /** `CLUSTER_ANNOUNCE`: multiaddrs at which it is reached from outside. @default those that it listens on */
  readonly clusterAnnounce: readonly string[]
  /** `CLUSTER_DISCOVERY` and `CLUSTER_SEEDS`. @default mDNS, and the seeds that are given */
  readonly discovery: readonly Discovery[]
  /** `READY_ALONE_AFTER`: how long it is not ready when it expects others and reaches none, in ms, or Infinity. @default 30000; in development 0 */
  readonly readyAloneAfter: number
  /**
   * `FINALIZE_AFTER`: how long every member has to run a newer release until the upgrade is finalised without an operator, in ms, or
   * Infinity. @default Infinity
   */
  readonly finalizeAfter: number
}

/** Port of the cluster where DNS names the members: A and AAAA records carry none. */
export const dnsClusterPort = 4100

export const readClusterSettings = (
  env: Environment,
  appName: string,
  mode: Mode,
  overrides: Partial<ClusterSettings>,
): ClusterSettings => ({
  clusterName: nameOf('CLUSTER_NAME', textOf(env, 'CLUSTER_NAME') ?? appName),
  secrets: overrides.secrets ?? readSecrets(env),
  clusterListen: readListen(env),
  clusterAnnounce: announceOf(textOf(env, 'CLUSTER_ANNOUNCE') ?? ''),
  discovery: overrides.discovery ?? readDiscovery(env),
  readyAloneAfter: secondsOrNeverOf(
    'READY_ALONE_AFTER',
    textOf(env, 'READY_ALONE_AFTER') ?? (mode === 'development' ? '0' : '30'),
  ),
  finalizeAfter: longTimeOrNeverOf('FINALIZE_AFTER', textOf(env, 'FINALIZE_AFTER') ?? 'never'),
  ...overrides,
})

/** How members are found: `mdns` when nothing is said, and `seeds` when some are given. */
const waysOf = (env: Environment): readonly string[] =>
  listOf(
    textOf(env, 'CLUSTER_DISCOVERY') ?? (textOf(env, 'CLUSTER_SEEDS') === undefined ? 'mdns' : 'mdns,seeds'),
  )

const readListen = (env: Environment): readonly string[] => {
  const value = textOf(env, 'CLUSTER_LISTEN') ?? defaultListen(waysOf(env))
  const addresses = listOf(value)
  const wrong = addresses.find((address) => !isListenAddress(address))
  if (addresses.length > 0 && wrong === undefined) return addresses
  throw new SettingError(
    'CLUSTER_LISTEN',
    `${JSON.stringify(wrong ?? value)} is not a multiaddr such as /ip4/0.0.0.0/tcp/4100`,
  )
}

const isListenAddress = (address: string): boolean => {
  const [, family, host = '', port] = /^\/ip([46])\/([0-9a-fA-F.:]+)\/tcp\/(\d{1,5})$/.exec(address) ?? []
  return isIP(host) === Number(family) && Number(port) <= 65_535
}

const defaultListen = (ways: readonly string[]): string => {
  const port = ways.some((way) => way.startsWith('dns:')) ? dnsClusterPort : 0
  return [`/ip4/0.0.0.0/tcp/${port}`, ...(hasIpv6() ? [`/ip6/::/tcp/${port}`] : [])].join()
}

const readDiscovery = (env: Environment): readonly Discovery[] =>
  waysOf(env).map((way) => discovery(way, textOf(env, 'CLUSTER_SEEDS')))

const discovery = (way: string, seedList: string | undefined): Discovery => {
  if (way === 'mdns') return mdns()
  if (way === 'seeds') return seedDiscovery(seedList)
  if (/^dns:[A-Za-z0-9_.-]{1,253}$/.test(way)) return dns(way.slice('dns:'.length), { port: dnsClusterPort })
  throw new SettingError('CLUSTER_DISCOVERY', `${JSON.stringify(way)} is none of mdns, seeds, dns:name`)
}

const seedDiscovery = (seedList: string | undefined): Discovery => {
  const addresses = listOf(seedList ?? '')
  if (addresses.length === 0) {
    throw new SettingError(
      'CLUSTER_SEEDS',
      'missing; CLUSTER_DISCOVERY names seeds, so give multiaddrs or host:port',
    )
  }
  for (const address of addresses) checkSeed(address)
  return seeds(addresses)
}

const checkSeed = (address: string): void => {
  try {
    seedAddress(address)
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    throw new SettingError(
      'CLUSTER_SEEDS',
      `${JSON.stringify(address)} is neither a TCP multiaddr nor host:port`,
    )
  }
}
