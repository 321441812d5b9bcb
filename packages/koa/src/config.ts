import type { Logger } from 'pino'
import type { DocumentOptions } from './instance/documents.ts'
import type { Ports } from './instance/ports.ts'
import type { SiteLink } from './markup/site.ts'
import type { Views } from './pages/views.ts'
import type { Environment } from './settings/environment.ts'
import type { Settings } from './settings/settings.ts'

export interface GrapevineOptions<Name extends string = string> {
  /** Of the app, 1 to 64 letters, digits, `.`, `_`, `-`: the name of its cluster unless `CLUSTER_NAME` says otherwise. @default 'grapevine' */
  readonly name?: string
  /** Shown in the header and in the title of every page. @default the name */
  readonly title?: string
  /** The page that people come to by logging in. @default '/account' */
  readonly home?: string
  /** Links in the header for those who are logged in. @default [] */
  readonly links?: readonly SiteLink[]
  /** CSS for pages of the app's own. @default '' */
  readonly style?: string
  /** Pages in the place of those that come with it. @default none */
  readonly views?: Partial<Views>
  /** Documents of the app's own, by name: each the same on every member, and on each one's disk. @default none */
  readonly documents?: Readonly<Record<Name, DocumentOptions>>
  /** What the app decides, whatever the environment says. @default nothing */
  readonly settings?: Partial<Settings>
  /** Where settings are read. @default process.env */
  readonly env?: Environment
  /** @default pino on stdout */
  readonly log?: Logger
  /** What it takes from outside: for tests and simulations. @default the system's */
  readonly ports?: Partial<Ports>
  /**
   * Ends gracefully at SIGTERM and SIGINT, and ends the process with one line on stderr when it cannot start. With
   * `false` nothing is done to the process, and errors are thrown. @default true
   */
  readonly ownsProcess?: boolean
}
