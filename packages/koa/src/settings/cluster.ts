import { dns, InvalidOptionError, mdns, seedAddress, seeds, type Discovery } from '@grapevine/membership'
import { listOf, textOf, type Environment } from './environment.ts'
import { SettingError } from './setting-error.ts'

/** Port of the cluster where DNS names the members: A and AAAA records carry none. */
export const dnsClusterPort = 4100

/** How members are found: `mdns` when nothing is said, and `seeds` when some are given. */
export const waysOf = (env: Environment): readonly string[] =>
  listOf(
    textOf(env, 'CLUSTER_DISCOVERY') ?? (textOf(env, 'CLUSTER_SEEDS') === undefined ? 'mdns' : 'mdns,seeds'),
  )

export const readListen = (env: Environment): readonly string[] => {
  const value = textOf(env, 'CLUSTER_LISTEN') ?? defaultListen(waysOf(env))
  const addresses = listOf(value)
  const wrong = addresses.find((address) => !/^\/(ip4|ip6)\/[0-9a-fA-F.:]+\/tcp\/\d{1,5}$/.test(address))
  if (addresses.length > 0 && wrong === undefined) return addresses
  throw new SettingError(
    'CLUSTER_LISTEN',
    `${JSON.stringify(wrong ?? value)} is not a multiaddr such as /ip4/0.0.0.0/tcp/4100`,
  )
}

const defaultListen = (ways: readonly string[]): string =>
  ways.some((way) => way.startsWith('dns:')) ? `/ip4/0.0.0.0/tcp/${dnsClusterPort}` : '/ip4/0.0.0.0/tcp/0'

export const readDiscovery = (env: Environment): readonly Discovery[] =>
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
