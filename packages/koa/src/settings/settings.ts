import cluster from 'node:cluster'
import { hostname } from 'node:os'
import { readClusterSettings, type ClusterSettings } from './cluster.ts'
import { listOf, textOf, type Environment } from './environment.ts'
import { readDatabaseUrl } from './database-url.ts'
import { readPeppers } from './secrets.ts'
import { readMode, type Mode } from './mode.ts'
import { logLevelOf, nameOf, operatorOf, wholeNumberOf, type LogLevel } from './values.ts'
import { readWebSettings, type WebSettings } from './web.ts'

/** One instance's settings. Each is a variable of the environment, unless the app says otherwise. */
export interface Settings extends WebSettings, ClusterSettings {
  /** `NODE_ENV`. @default 'production' */
  readonly mode: Mode
  /** `NODE_NAME`, for people. @default the first part of the host's name */
  readonly nodeName: string
  /** `DATA_DIR`, the instance's own. @default `.data/<nodeName>` */
  readonly dataDir: string
  /**
   * `DATA_SLOTS`: how many processes may share `DATA_DIR`, each with a folder, a name and a cluster port of its own. @default 1; in a
   * worker of node:cluster, as PM2 starts them, 64
   */
  readonly dataSlots: number
  /** `COMPACT_AFTER`: bytes of a document's log after which it is replaced by a snapshot. @default 4194304 */
  readonly compactAfter: number
  /** `LOG_LEVEL`. @default 'info' */
  readonly logLevel: LogLevel
  /** `OPERATORS`: ids of accounts that may see the cluster in production, beside those with the role `operator`. @default nobody */
  readonly operators: readonly string[]
  /** `PASSWORD_PEPPER`: secrets that go into password hashes, separated by spaces, the newest first. @default none */
  readonly peppers: readonly string[]
  /** `DATABASE_URL`: a PostgreSQL database that has the users, too. @default none */
  readonly databaseUrl: string | undefined
}

export interface ReadSettings {
  /** Of the app: the name of its cluster unless one is given. */
  readonly appName: string
  readonly env: Environment
  /** What the app decides, whatever the environment says. */
  readonly overrides?: Partial<Settings>
}

const dataSlots = { least: 1, most: 64, unit: 'processes' }

/** From 1 KiB, below which a log is nothing but compacted, to 1 GiB, which takes its time to read at the start. */
const compactAfter = { least: 1_024, most: 1_073_741_824, unit: 'bytes' }

/** @throws SettingError for the first variable that is missing or wrong */
export const readSettings = ({ appName, env, overrides = {} }: ReadSettings): Settings => {
  const text = (variable: string, otherwise: string): string => textOf(env, variable) ?? otherwise
  const mode = overrides.mode ?? readMode(env)
  const host = hostname().split('.')[0] ?? 'node'
  const nodeName = overrides.nodeName ?? nameOf('NODE_NAME', text('NODE_NAME', host))
  return {
    ...readWebSettings(env, mode, overrides),
    ...readClusterSettings(env, appName, mode, overrides),
    dataDir: text('DATA_DIR', `.data/${nodeName}`),
    dataSlots: wholeNumberOf('DATA_SLOTS', text('DATA_SLOTS', cluster.isWorker ? '64' : '1'), dataSlots),
    compactAfter: wholeNumberOf('COMPACT_AFTER', text('COMPACT_AFTER', '4194304'), compactAfter),
    logLevel: logLevelOf('LOG_LEVEL', text('LOG_LEVEL', 'info')),
    operators: listOf(text('OPERATORS', '')).map((id) => operatorOf('OPERATORS', id)),
    peppers: readPeppers(env),
    databaseUrl: readDatabaseUrl(env),
    ...overrides,
    mode,
    nodeName,
  }
}
