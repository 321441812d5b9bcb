/**
 * The few things that all Grapevine packages share.
 *
 * ```ts
 * import { checkOptions, oneOf, orElse, wholeNumber } from '@grapevine/std'
 *
 * const checks = { mode: oneOf('fast', 'safe'), retries: orElse(wholeNumber(0, 10), 3) }
 * checkOptions({ mode: 'safe' }, checks) // { mode: 'safe', retries: 3 }
 * checkOptions({ mode: 'safe', retrys: 5 }, checks) // throws: retrys is unknown; allowed: mode, retries
 * ```
 */

// Options
export { checkOptions, group } from './options/options.ts'
export type { Checked, Checks } from './options/options.ts'
export {
  abortSignal,
  callback,
  check,
  flag,
  listOf,
  numberBetween,
  oneOf,
  optional,
  orElse,
  secretText,
  text,
  textLike,
  wholeNumber,
  withMethods,
} from './options/check.ts'
export type { Check } from './options/check.ts'
export { shapeOf, shown } from './options/shown.ts'

// Errors
export { InvalidOptionError } from './options/option-error.ts'
export { codeOf, errorOf, isError, reasonOf } from './reason.ts'

// Log
export { silentLog } from './log.ts'
export type { Log } from './log.ts'

// What others send
export { isRecord, parseJson } from './json.ts'

// Time and abort
export { every, systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export { deadline, onAbort, sleep, unlessAborted } from './abort.ts'
export type { Deadline } from './abort.ts'

// Memory and order
export { BoundedMap, BoundedSet } from './bounded.ts'
export { createPace, slowPaceMs } from './pace.ts'
export type { Pace, PaceOptions } from './pace.ts'
export { serialQueue } from './serial-queue.ts'
export type { SerialQueue } from './serial-queue.ts'

// Markup
export { escapeMarkup, html, render, trusted } from './markup/html.ts'
export type { Html, Interpolation } from './markup/html.ts'
