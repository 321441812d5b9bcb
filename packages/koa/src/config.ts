import {
  check,
  checkOptions,
  flag,
  listOf,
  optional,
  orElse,
  text,
  textLike,
  withMethods,
  type Check,
  type Checks,
} from '@grapevine/std'
import {
  checkDocuments,
  checkFacts,
  type DocumentOptions,
  type FactsOptions,
} from './instance/document-options.ts'
import { checkDatabase, type DatabaseOptions } from './database/database-options.ts'
import type { Logger } from 'pino'
import type { Ports } from './instance/ports.ts'
import type { SiteLink } from './markup/site.ts'
import type { Views } from './pages/views.ts'
import type { Environment } from './settings/environment.ts'
import type { Settings } from './settings/settings.ts'

export interface GrapevineOptions<Name extends string = string, Facts extends string = string> {
  /** Of the app, 1 to 64 letters, digits, `.`, `_`, `-`: the name of its cluster unless `CLUSTER_NAME` says otherwise. @default 'grapevine' */
  readonly name?: string
  /** Shown in the header and in the title of every page. @default the name */
  readonly title?: string
  /** The page that people come to by logging in. @default '/account' */
  readonly home?: string
  /** Links in the header for those who are logged in, at most 8. @default [] */
  readonly links?: readonly SiteLink[]
  /** CSS for pages of the app's own. @default '' */
  readonly style?: string
  /** Pages in the place of those that come with it. @default none */
  readonly views?: Partial<Views>
  /** Documents of the app's own, by name: each the same on every member, and on each one's disk. @default none */
  readonly documents?: Readonly<Record<Name, DocumentOptions>>
  /** Sets of facts of the app's own, by name. @default none */
  readonly facts?: Readonly<Record<Facts, FactsOptions>>
  /** Where in the database of `DATABASE_URL` the users are. @default the table 'users', which is made where there is none */
  readonly database?: DatabaseOptions
  /** What the app decides, whatever the environment says. @default nothing */
  readonly settings?: Partial<Settings>
  /** Where settings are read. @default process.env */
  readonly env?: Environment
  /** @default pino on stdout */
  readonly log?: Logger
  /** What it takes from outside: for tests and simulations. @default the system's */
  readonly ports?: Partial<Omit<Ports, 'log'>>
  /**
   * Ends gracefully at SIGTERM and SIGINT, and ends the process with one line on stderr when it cannot start. With
   * `false` nothing is done to the process, and errors are thrown. @default true
   */
  readonly ownsProcess?: boolean
}

const path = textLike(/^\/[^\s\\]{0,200}$/, "a path of the app, such as '/budget'")
const link: Check<SiteLink> = (option, value) => checkOptions(value, { path, text: text(1, 40) }, option)
const given = check((value): value is object => value !== undefined && value !== null, 'a value')

/** An object with some of these names: a misspelt one would do nothing, silently. What they are is the types' business. */
const someOf =
  <T extends object>(names: { readonly [Name in keyof T]-?: true }): Check<Partial<T>> =>
  (option, value) => {
    const known = Object.fromEntries(Object.keys(names).map((name) => [name, optional(given)]))
    const isKnown = (seen: unknown): seen is Partial<T> => {
      checkOptions(seen, known, option)
      return true
    }
    return check(isKnown, 'an object')(option, value)
  }

const views = someOf<Views>({
  login: true,
  signup: true,
  account: true,
  accountForm: true,
  devices: true,
  twin: true,
  cluster: true,
  problem: true,
})
const ports = someOf<Omit<Ports, 'log'>>({
  join: true,
  files: true,
  disk: true,
  attemptStore: true,
  signUpStore: true,
  database: true,
  pendingStore: true,
  clock: true,
  now: true,
  random: true,
  randomBytes: true,
  loopDelay: true,
  hasher: true,
})
const settings = someOf<Settings>({
  mode: true,
  host: true,
  port: true,
  publicUrl: true,
  basePath: true,
  trustedProxies: true,
  metricsListen: true,
  drainDelay: true,
  nodeName: true,
  dataDir: true,
  dataSlots: true,
  clusterName: true,
  secrets: true,
  clusterListen: true,
  clusterAnnounce: true,
  discovery: true,
  readyAloneAfter: true,
  finalizeAfter: true,
  compactAfter: true,
  logLevel: true,
  operators: true,
  peppers: true,
  databaseUrl: true,
})

const checks = {
  name: orElse(
    textLike(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, '1 to 64 letters, digits, dots, dashes and underscores'),
    'grapevine',
  ),
  title: optional(text(1, 100)),
  home: orElse(path, '/account'),
  links: orElse(listOf(link, 0, 8), []),
  style: orElse(text(0, 100_000), ''),
  views: orElse(views, {}),
  documents: orElse(checkDocuments, {}),
  facts: orElse(checkFacts, {}),
  database: orElse(checkDatabase, {}),
  settings: orElse(settings, {}),
  env: optional(check((value): value is Environment => typeof value === 'object', 'an object of texts')),
  log: optional(withMethods<Logger>('debug', 'info', 'warn', 'error')),
  ports: orElse(ports, {}),
  ownsProcess: orElse(flag, true),
} satisfies Checks<GrapevineOptions>

/** @throws InvalidOptionError that names the option, what was seen and what is allowed */
export const checkGrapevineOptions = (options: unknown): void => void checkOptions(options, checks)
