import { plainDocument, type Frame } from './document.ts'
import { InvalidOptionError } from './errors.ts'
import { pageStyle } from './style.ts'
import { versioned } from './versioned.ts'
import type Koa from 'koa'
import type { Source } from './picture.ts'

/** Whether this request may see the dashboard. It shows names, addresses and contested usernames. */
export type Guard = (ctx: Koa.Context) => boolean | Promise<boolean>

export interface DashboardOptions {
  readonly source: Source
  /** `'production'` is closed to everybody unless there is a guard; `'development'` is open unless there is one. */
  readonly mode: 'development' | 'production'
  readonly guard?: Guard
  /** Where it is mounted; all that it serves is there or below. @default '/dashboard' */
  readonly path?: string
  /** The app's own page around it. @default a plain document */
  readonly frame?: Frame
  /** Milliseconds between two looks while somebody watches, 100 to 60000. @default 1000 */
  readonly interval?: number
  /** How many may watch at once, 1 to 10000; one more sees a page that does not move. @default 64 */
  readonly mostWatchers?: number
  /** Ends every stream, so that a server that stops has nothing left to wait for. @default never */
  readonly signal?: AbortSignal
  /** Gets what went wrong in the source while nobody's request was there to tell. @default ignored; it is tried again */
  readonly onError?: (error: unknown) => void
}

export type DashboardConfig = Required<DashboardOptions>

export const resolveConfig = (options: DashboardOptions): DashboardConfig => {
  const path = checkPath(options.path ?? '/dashboard')
  return {
    source: options.source,
    mode: options.mode,
    guard: options.guard ?? (() => options.mode === 'development'),
    path,
    frame: options.frame ?? plainDocument(versioned(`${path}/page.css`, pageStyle)),
    interval: checkNumber('interval', options.interval ?? 1_000, 100, 60_000),
    mostWatchers: checkNumber('mostWatchers', options.mostWatchers ?? 64, 1, 10_000),
    signal: options.signal ?? new AbortController().signal,
    onError: options.onError ?? (() => undefined),
  }
}

const checkPath = (path: string): string => {
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) return path
  throw new InvalidOptionError(
    'path',
    JSON.stringify(path),
    'a path such as /dashboard, with no slash at its end',
  )
}

const checkNumber = (option: string, seen: number, least: number, most: number): number => {
  if (Number.isInteger(seen) && seen >= least && seen <= most) return seen
  throw new InvalidOptionError(option, String(seen), `a whole number from ${least} to ${most}`)
}
