import {
  abortSignal,
  callback,
  checkOptions,
  oneOf,
  optional,
  orElse,
  textLike,
  wholeNumber,
  withMethods,
  type Checks,
} from '@grapevine/std'
import { assetUrl } from '@grapevine/std/node'
import { plainDocument, type Frame } from './document.ts'
import { pageStyle } from './style.ts'
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

const checks = {
  source: withMethods<Source>('read'),
  mode: oneOf('development', 'production'),
  guard: optional(callback<Guard>()),
  path: orElse(
    textLike(/^(\/[A-Za-z0-9._~-]+)+$/, 'a path such as /dashboard, with no slash at its end'),
    '/dashboard',
  ),
  frame: optional(callback<Frame>()),
  interval: orElse(wholeNumber(100, 60_000), 1_000),
  mostWatchers: orElse(wholeNumber(1, 10_000), 64),
  signal: optional(abortSignal),
  onError: orElse(callback<(error: unknown) => void>(), () => undefined),
} satisfies Checks<DashboardOptions>

export const resolveConfig = (options: DashboardOptions): DashboardConfig => {
  const checked = checkOptions(options, checks)
  return {
    ...checked,
    guard: checked.guard ?? (() => checked.mode === 'development'),
    frame: checked.frame ?? plainDocument(assetUrl(`${checked.path}/page.css`, pageStyle)),
    signal: checked.signal ?? new AbortController().signal,
  }
}
