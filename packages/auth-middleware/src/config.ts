import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import {
  callback,
  check,
  checkOptions,
  listOf,
  oneOf,
  optional,
  orElse,
  secretText,
  wholeNumber,
} from '@grapevine/std'
import type { Check, Checks } from '@grapevine/std'
import type Keygrip from 'keygrip'
import { safeReturnPath } from './http/safe-return-path.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export interface SessionsOptions {
  /** Sign and verify the cookie, see `deriveSessionKeys`. They become `app.keys`. */
  readonly keys: Keygrip
  /**
   * `production`: the cookie is `__Host-grapevine`, with Secure; browsers take it over https only.
   * `development`: the cookie is `grapevine`, without Secure, for http on localhost.
   */
  readonly mode: 'development' | 'production'
  /** Milliseconds after which a session is over, however busy. @default 7 days */
  readonly absoluteLifeMs?: number
  /** Milliseconds without a request after which a session is over; at most the absolute life. @default a day, or the absolute life if that is shorter */
  readonly idleLifeMs?: number
  /**
   * Milliseconds by which the clock of another node may be ahead before a time that it wrote into a cookie is taken for
   * wrong; a session that bears such a time is aged from its first sight here. @default 5 minutes
   */
  readonly clockSkewMs?: number
  /**
   * Cookies whose signature need not be checked again, kept in memory, none of them longer than 1,024 characters;
   * 0 to 1,000,000. @default 10,000
   */
  readonly verifiedCookies?: number
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Milliseconds since some moment, which no setting of the clock changes. @default performance.now */
  readonly monotonic?: () => number
  /** Unguessable bytes. @default crypto.randomBytes */
  readonly random?: (bytes: number) => Buffer
}

export type SessionsConfig = Required<SessionsOptions> & {
  /** A session's last sight is written at most this often, so that not every answer sets a cookie. */
  readonly touchAfterMs: number
}

const isKeygrip = (value: unknown): value is Keygrip =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'sign') === 'function'

const sessionsChecks = {
  keys: check(isKeygrip, 'a Keygrip, as deriveSessionKeys() makes it'),
  mode: oneOf('development', 'production'),
  absoluteLifeMs: orElse(wholeNumber(1000, 400 * day), 7 * day),
  idleLifeMs: optional(wholeNumber(1000, 400 * day)),
  clockSkewMs: orElse(wholeNumber(0, hour), 5 * minute),
  verifiedCookies: orElse(wholeNumber(0, 1_000_000), 10_000),
  now: orElse(callback<() => number>(), Date.now),
  monotonic: orElse(callback<() => number>(), () => performance.now()),
  random: orElse(callback<(bytes: number) => Buffer>(), randomBytes),
} satisfies Checks<SessionsOptions>

export const sessionsConfig = (options: SessionsOptions): SessionsConfig => {
  const checked = checkOptions(options, sessionsChecks)
  const { absoluteLifeMs } = checked
  const idleLifeMs = checked.idleLifeMs ?? Math.min(day, absoluteLifeMs)
  wholeNumber(1000, absoluteLifeMs)('idleLifeMs', idleLifeMs)
  return { ...checked, idleLifeMs, touchAfterMs: Math.min(minute, Math.floor(idleLifeMs / 10)) }
}

export interface PasswordHasherOptions {
  /**
   * Hashes computed at once, each on a thread of libuv's pool (4 unless UV_THREADPOOL_SIZE says more), which
   * files and DNS share. @default one less than the cores, 1 to 3
   */
  readonly concurrency?: number
  /** Hashes that may wait; with one more, `OverloadedError`. @default 64 */
  readonly queueLimit?: number
  /** Seconds that an overloaded hasher asks to wait. @default 5 */
  readonly retryAfterSeconds?: number
  /** Memory of one hash in KiB. @default 19456, with 2 passes what OWASP advises */
  readonly memoryKiB?: number
  /** Passes over the memory. @default 2 */
  readonly passes?: number
  /** Lanes of argon2. @default 1 */
  readonly lanes?: number
  /**
   * Secrets that go into every hash, at most 8, of 16 to 256 characters each, kept apart from where the hashes are. The first
   * goes into new hashes, all verify; hashes with another one, or none, still open, and are renewed at the next log-in. One that
   * is dropped makes its hashes nobody's. @default none
   */
  readonly peppers?: readonly string[]
}

export type PasswordHasherConfig = Required<PasswordHasherOptions>

/** What argon2 may cost here. A stored hash that asks for more is not obeyed. */
export const argon2Limits = { memoryKiB: 262_144, passes: 16, lanes: 16 } as const

const hasherChecks = {
  concurrency: orElse(wholeNumber(1, 1024), Math.max(1, Math.min(3, availableParallelism() - 1))),
  queueLimit: orElse(wholeNumber(0, 10_000), 64),
  retryAfterSeconds: orElse(wholeNumber(1, 3600), 5),
  memoryKiB: orElse(wholeNumber(8, argon2Limits.memoryKiB), 19_456),
  passes: orElse(wholeNumber(1, argon2Limits.passes), 2),
  lanes: orElse(wholeNumber(1, argon2Limits.lanes), 1),
  peppers: orElse(listOf(secretText(16, 256), 0, 8), []),
} satisfies Checks<PasswordHasherOptions>

export const passwordHasherConfig = (options: PasswordHasherOptions): PasswordHasherConfig => {
  const checked = checkOptions(options, hasherChecks)
  wholeNumber(8 * checked.lanes, argon2Limits.memoryKiB)('memoryKiB', checked.memoryKiB)
  return checked
}

/** How many passwords may be tried, and accounts be made, in one window, in the whole cluster. Right passwords do not count. */
export interface AttemptLimits {
  /** Milliseconds of a window; windows start at multiples of it since 1970. @default 15 minutes */
  readonly windowMs: number
  /** Attempts at one account from unknown devices. @default 30 */
  readonly account: number
  /** Attempts at one account from all devices that have logged in to it before, together. @default 10 */
  readonly device: number
  /** Attempts from one IPv4 address or IPv6 /64, at whatever account. @default 300 */
  readonly address: number
  /** Sign-ups from one IPv4 address or IPv6 /64; those that come to nothing do not count. @default 3,000 */
  readonly signUpAddress: number
  /** Sign-ups from everywhere. @default 20,000 */
  readonly signUps: number
}

export interface AttemptOptions extends Partial<AttemptLimits> {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}

const attemptsChecks = {
  windowMs: orElse(wholeNumber(1000, day), 15 * minute),
  account: orElse(wholeNumber(1, 1_000_000), 30),
  device: orElse(wholeNumber(1, 1_000_000), 10),
  address: orElse(wholeNumber(1, 1_000_000), 300),
  signUpAddress: orElse(wholeNumber(1, 1_000_000), 3_000),
  signUps: orElse(wholeNumber(1, 1_000_000), 20_000),
  now: orElse(callback<() => number>(), Date.now),
} satisfies Checks<AttemptOptions>

export const attemptsConfig = (options: AttemptOptions): Required<AttemptOptions> =>
  checkOptions(options, attemptsChecks)

/** Milliseconds that a handler waits for a hash, or for a write to be acknowledged; then it answers 503. */
export const timeoutMs: Check<number> = orElse(wholeNumber(1, 10 * minute), 10_000)

/** A path of the own site that a handler redirects to. */
export const path: Check<string> = check(
  (value): value is string => safeReturnPath(value) !== undefined,
  "a path of the own site, such as '/'",
)

/** The same, or left out. */
export const pathOrRoot: Check<string> = orElse(path, '/')

const isOrigin = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value

/** The site's own origins, as browsers send them. */
export const origins: Check<readonly string[]> = listOf(
  check(isOrigin, "an origin such as 'https://example.org'"),
  1,
  100,
)
