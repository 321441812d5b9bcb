import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type Keygrip from 'keygrip'
import { InvalidOptionError } from './errors.ts'
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
  /** Milliseconds without a request after which a session is over; at most the absolute life. @default 24 hours */
  readonly idleLifeMs?: number
  /**
   * Milliseconds by which the clock of a node that issued a session may be ahead of this one. At least what
   * the owner of the accounts tolerates in `sessionsValidAfter`. @default 5 minutes
   */
  readonly clockSkewMs?: number
  /**
   * Cookies whose signature need not be checked again, kept in memory, none of them longer than 1,024 characters;
   * 0 to 1,000,000. @default 10,000
   */
  readonly verifiedCookies?: number
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number
  /** Unguessable bytes. @default crypto.randomBytes */
  readonly random?: (bytes: number) => Buffer
}

export type SessionsConfig = Required<SessionsOptions> & {
  /** A session's last sight is written at most this often, so that not every answer sets a cookie. */
  readonly touchAfterMs: number
}

export const sessionsConfig = (options: SessionsOptions): SessionsConfig => {
  const absoluteLifeMs = wholeNumber('absoluteLifeMs', options.absoluteLifeMs ?? 7 * day, 1000, 400 * day)
  const idleDefault = Math.min(day, absoluteLifeMs)
  const idleLifeMs = wholeNumber('idleLifeMs', options.idleLifeMs ?? idleDefault, 1000, absoluteLifeMs)
  return {
    keys: options.keys,
    mode: oneOf('mode', options.mode, ['development', 'production']),
    absoluteLifeMs,
    idleLifeMs,
    clockSkewMs: wholeNumber('clockSkewMs', options.clockSkewMs ?? 5 * minute, 0, hour),
    touchAfterMs: Math.min(minute, Math.floor(idleLifeMs / 10)),
    verifiedCookies: wholeNumber('verifiedCookies', options.verifiedCookies ?? 10_000, 0, 1_000_000),
    now: options.now ?? Date.now,
    random: options.random ?? randomBytes,
  }
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
}

export type PasswordHasherConfig = Required<PasswordHasherOptions>

/** What argon2 may cost here. A stored hash that asks for more is not obeyed. */
export const argon2Limits = { memoryKiB: 262_144, passes: 16, lanes: 16 } as const

export const passwordHasherConfig = (options: PasswordHasherOptions): PasswordHasherConfig => {
  const spareCores = Math.max(1, Math.min(3, availableParallelism() - 1))
  const lanes = wholeNumber('lanes', options.lanes ?? 1, 1, argon2Limits.lanes)
  return {
    concurrency: wholeNumber('concurrency', options.concurrency ?? spareCores, 1, 1024),
    queueLimit: wholeNumber('queueLimit', options.queueLimit ?? 64, 0, 10_000),
    retryAfterSeconds: wholeNumber('retryAfterSeconds', options.retryAfterSeconds ?? 5, 1, 3600),
    memoryKiB: wholeNumber('memoryKiB', options.memoryKiB ?? 19_456, 8 * lanes, argon2Limits.memoryKiB),
    passes: wholeNumber('passes', options.passes ?? 2, 1, argon2Limits.passes),
    lanes,
  }
}

/** How many passwords may be tried in one window, in the whole cluster. Right passwords do not count. */
export interface AttemptLimits {
  /** Milliseconds of a window; windows start at multiples of it since the epoch. @default 15 minutes */
  readonly windowMs: number
  /** Attempts at one account from unknown devices. @default 30 */
  readonly account: number
  /** Attempts at one account from all devices that have logged in to it before, together. @default 10 */
  readonly device: number
  /** Attempts from one IPv4 address or IPv6 /64, at whatever account. @default 300 */
  readonly address: number
}

export type AttemptOptions = Partial<AttemptLimits>

export const attemptsConfig = (options: AttemptOptions): AttemptLimits => ({
  windowMs: wholeNumber('windowMs', options.windowMs ?? 15 * minute, 1000, day),
  account: wholeNumber('account', options.account ?? 30, 1, 1_000_000),
  device: wholeNumber('device', options.device ?? 10, 1, 1_000_000),
  address: wholeNumber('address', options.address ?? 300, 1, 1_000_000),
})

/** Milliseconds that a handler waits for a hash or for a write to be acknowledged; then it answers 503. @default 10 s */
export const timeoutConfig = (timeoutMs: number = 10_000): number =>
  wholeNumber('timeoutMs', timeoutMs, 1, 10 * minute)

/** A path of the own site that a handler redirects to. */
export const pathConfig = (option: string, path: string): string => {
  if (safeReturnPath(path) === undefined) {
    throw new InvalidOptionError(option, JSON.stringify(path), "a path of the own site, such as '/'")
  }
  return path
}

/** The site's own origins, as browsers send them. */
export const originsConfig = (origins: readonly string[] | undefined): ReadonlySet<string> | undefined => {
  if (origins === undefined) return undefined
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new InvalidOptionError('origins', JSON.stringify(origin), "origins such as 'https://example.org'")
    }
  }
  return new Set(origins)
}

const wholeNumber = (option: string, value: number, min: number, max: number): number => {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new InvalidOptionError(option, String(value), `a whole number from ${min} to ${max}`)
}

export const oneOf = <T extends string>(option: string, value: T, allowed: readonly T[]): T => {
  if (allowed.includes(value)) return value
  throw new InvalidOptionError(option, JSON.stringify(value), allowed.join(', '))
}
