import { hostname } from 'node:os'
import { readDiscovery, readListen } from './cluster.ts'
import { listOf, textOf, type Environment } from './environment.ts'
import { readMode, type Mode } from './mode.ts'
import { readSecrets } from './secrets.ts'
import { logLevelOf, nameOf, operatorOf, portOf, wholeNumberOf, type LogLevel } from './values.ts'
import type { Discovery } from '@grapevine/membership'

/** One instance's settings. Each is a variable of the environment, unless the app says otherwise. */
export interface Settings {
  /** `NODE_ENV`. @default 'production' */
  readonly mode: Mode
  /** `HOST`. @default '0.0.0.0'; in development '127.0.0.1' */
  readonly host: string
  /** `PORT`. @default 3000 */
  readonly port: number
  /** `NODE_NAME`, for people. @default the first part of the host's name */
  readonly nodeName: string
  /** `DATA_DIR`, the instance's own. @default `.data/<nodeName>` */
  readonly dataDir: string
  /** `CLUSTER_NAME`. @default the name of the app */
  readonly clusterName: string
  /** `CLUSTER_SECRET` or `CLUSTER_SECRET_FILE`; the first signs. Required */
  readonly secrets: readonly string[]
  /** `CLUSTER_LISTEN`, multiaddrs. @default a free port on all IPv4 addresses; 4100 where DNS is asked */
  readonly clusterListen: readonly string[]
  /** `CLUSTER_DISCOVERY` and `CLUSTER_SEEDS`. @default mDNS, and the seeds that are given */
  readonly discovery: readonly Discovery[]
  /** `COMPACT_AFTER`: bytes of a document's log after which it is replaced by a snapshot. @default 4194304 */
  readonly compactAfter: number
  /** `LOG_LEVEL`. @default 'info' */
  readonly logLevel: LogLevel
  /** `OPERATORS`: usernames, as they are compared, who may see the cluster in production. @default nobody */
  readonly operators: readonly string[]
}

export interface ReadSettings {
  /** Of the app: the name of its cluster unless one is given. */
  readonly appName: string
  readonly env: Environment
  /** What the app decides, whatever the environment says. */
  readonly overrides?: Partial<Settings>
}

/** From 1 KiB, below which a log is nothing but compacted, to 1 GiB, which takes its time to read at the start. */
const compactAfter = { least: 1_024, most: 1_073_741_824, unit: 'bytes' }

/** @throws SettingError for the first variable that is missing or wrong */
export const readSettings = ({ appName, env, overrides = {} }: ReadSettings): Settings => {
  const text = (variable: string, otherwise: string): string => textOf(env, variable) ?? otherwise
  const mode = overrides.mode ?? readMode(env)
  const nodeName =
    overrides.nodeName ?? nameOf('NODE_NAME', text('NODE_NAME', hostname().split('.')[0] ?? 'node'))
  return {
    mode,
    nodeName,
    host: overrides.host ?? text('HOST', mode === 'development' ? '127.0.0.1' : '0.0.0.0'),
    port: overrides.port ?? portOf('PORT', text('PORT', '3000')),
    dataDir: overrides.dataDir ?? text('DATA_DIR', `.data/${nodeName}`),
    clusterName: overrides.clusterName ?? nameOf('CLUSTER_NAME', text('CLUSTER_NAME', appName)),
    secrets: overrides.secrets ?? readSecrets(env),
    clusterListen: overrides.clusterListen ?? readListen(env),
    discovery: overrides.discovery ?? readDiscovery(env),
    compactAfter:
      overrides.compactAfter ??
      wholeNumberOf('COMPACT_AFTER', text('COMPACT_AFTER', '4194304'), compactAfter),
    logLevel: overrides.logLevel ?? logLevelOf('LOG_LEVEL', text('LOG_LEVEL', 'info')),
    operators:
      overrides.operators ?? listOf(text('OPERATORS', '')).map((name) => operatorOf('OPERATORS', name)),
  }
}
