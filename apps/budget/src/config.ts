import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dns, InvalidOptionError, mdns, seedAddress, seeds, type Discovery } from '@grapevine/membership'
import { InvalidUsernameError, normaliseUsername } from '@grapevine/user-cache'

/** One instance's settings, from the environment. */
export interface Config {
  readonly mode: 'development' | 'production'
  readonly http: { readonly host: string; readonly port: number }
  readonly nodeName: string
  readonly dataDir: string
  readonly clusterName: string
  /** Newest first. */
  readonly secrets: readonly string[]
  readonly listen: readonly string[]
  readonly discovery: readonly Discovery[]
  /** Bytes of a replica's log after which it is compacted. */
  readonly compactAfter: number
  readonly logLevel: LogLevel
  /** Normalised usernames of those who may see the cluster in production. */
  readonly operators: readonly string[]
}

export type LogLevel = (typeof logLevels)[number]
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** A variable is missing or wrong: which, what was seen, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG'

  constructor(variable: string, problem: string) {
    super(`${variable}: ${problem}`)
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Port of the cluster where DNS names the members: A and AAAA records carry none. */
export const dnsClusterPort = 4100

/** @throws ConfigError for the first variable that is missing or wrong */
export const readConfig = (env: Environment): Config => {
  const ways = list(env['CLUSTER_DISCOVERY'] ?? (env['CLUSTER_SEEDS'] === undefined ? 'mdns' : 'mdns,seeds'))
  const nodeName = name('NODE_NAME', env['NODE_NAME'] ?? hostname().split('.')[0] ?? 'node')
  return {
    mode: env['NODE_ENV'] === 'production' ? 'production' : 'development',
    http: { host: env['HOST'] ?? '0.0.0.0', port: port(env['PORT'] ?? '3000') },
    nodeName,
    dataDir: env['DATA_DIR'] ?? `.data/${nodeName}`,
    clusterName: name('CLUSTER_NAME', env['CLUSTER_NAME'] ?? 'budget'),
    secrets: secrets(env),
    listen: listen(env['CLUSTER_LISTEN'] ?? defaultListen(ways)),
    discovery: ways.map((way) => discovery(way, env['CLUSTER_SEEDS'])),
    compactAfter: compactAfter(env['COMPACT_AFTER'] ?? '4194304'),
    logLevel: logLevel(env['LOG_LEVEL'] ?? 'info'),
    operators: list(env['OPERATORS'] ?? '').map(operator),
  }
}

const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const port = (value: string): number => {
  const number = Number(value)
  if (!/^\d{1,5}$/.test(value) || number < 1 || number > 65_535) {
    throw new ConfigError('PORT', `${JSON.stringify(value)} is not a port from 1 to 65535`)
  }
  return number
}

const name = (variable: string, value: string): string => {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(value)) return value
  throw new ConfigError(
    variable,
    `${JSON.stringify(value)} is not a name of 1 to 64 letters, digits, dots, dashes and underscores`,
  )
}

const secrets = (env: Environment): readonly string[] => {
  const [variable, text] = secretText(env)
  const all = text.split(/\s+/).filter((secret) => secret !== '')
  if (all.length === 0) {
    throw new ConfigError(
      'CLUSTER_SECRET',
      'missing; give every instance the same random secret of at least 16 characters (or CLUSTER_SECRET_FILE), for example from: openssl rand -hex 32',
    )
  }
  if (all.length > 4)
    throw new ConfigError(variable, `holds ${all.length} secrets; allowed: 1 to 4, the newest first`)
  const short = all.find((secret) => secret.length < 16)
  if (short !== undefined) {
    throw new ConfigError(variable, `a secret of ${short.length} characters; allowed: at least 16, random`)
  }
  return all
}

const secretText = (env: Environment): [variable: string, text: string] => {
  const file = env['CLUSTER_SECRET_FILE']
  if (file === undefined) return ['CLUSTER_SECRET', env['CLUSTER_SECRET'] ?? '']
  if (env['CLUSTER_SECRET'] !== undefined) {
    throw new ConfigError('CLUSTER_SECRET_FILE', 'set together with CLUSTER_SECRET; allowed: one of the two')
  }
  try {
    return ['CLUSTER_SECRET_FILE', readFileSync(file, 'utf8')]
  } catch (error) {
    throw new ConfigError('CLUSTER_SECRET_FILE', error instanceof Error ? error.message : String(error))
  }
}

const defaultListen = (ways: readonly string[]): string =>
  ways.some((way) => way.startsWith('dns:')) ? `/ip4/0.0.0.0/tcp/${dnsClusterPort}` : '/ip4/0.0.0.0/tcp/0'

const listen = (value: string): readonly string[] => {
  const addresses = list(value)
  const wrong = addresses.find((address) => !/^\/(ip4|ip6)\/[0-9a-fA-F.:]+\/tcp\/\d{1,5}$/.test(address))
  if (addresses.length === 0 || wrong !== undefined) {
    throw new ConfigError(
      'CLUSTER_LISTEN',
      `${JSON.stringify(wrong ?? value)} is not a multiaddr such as /ip4/0.0.0.0/tcp/4100`,
    )
  }
  return addresses
}

const discovery = (way: string, seedList: string | undefined): Discovery => {
  if (way === 'mdns') return mdns()
  if (way === 'seeds') return seedDiscovery(seedList)
  if (/^dns:[A-Za-z0-9_.-]{1,253}$/.test(way)) return dns(way.slice('dns:'.length), { port: dnsClusterPort })
  throw new ConfigError('CLUSTER_DISCOVERY', `${JSON.stringify(way)} is none of mdns, seeds, dns:name`)
}

const seedDiscovery = (seedList: string | undefined): Discovery => {
  const addresses = list(seedList ?? '')
  if (addresses.length === 0) {
    throw new ConfigError(
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
    throw new ConfigError(
      'CLUSTER_SEEDS',
      `${JSON.stringify(address)} is neither a TCP multiaddr nor host:port`,
    )
  }
}

const operator = (username: string): string => {
  try {
    return normaliseUsername(username)
  } catch (error) {
    if (!(error instanceof InvalidUsernameError)) throw error
    throw new ConfigError('OPERATORS', `${JSON.stringify(username)} is not a username`)
  }
}

/** From 1 KiB, below which a log is nothing but compacted, to 1 GiB, which takes its time to read at the start. */
const compactAfter = (value: string): number => {
  const bytes = Number(value)
  if (!/^\d{1,10}$/.test(value) || bytes < 1_024 || bytes > 1_073_741_824) {
    throw new ConfigError(
      'COMPACT_AFTER',
      `${JSON.stringify(value)} is not a number of bytes from 1024 to 1073741824`,
    )
  }
  return bytes
}

const logLevel = (value: string): LogLevel => {
  const level = logLevels.find((known) => known === value)
  if (level === undefined)
    throw new ConfigError('LOG_LEVEL', `${JSON.stringify(value)} is none of ${logLevels.join(', ')}`)
  return level
}
