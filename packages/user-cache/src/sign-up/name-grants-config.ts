import type { FactSet } from '@grapevine/facts'
import {
  callback,
  check,
  checkOptions,
  optional,
  orElse,
  silentLog,
  systemClock,
  wholeNumber,
  withMethods,
  type Checks,
  type Clock,
  type Log,
} from '@grapevine/std'
import type { Commands } from '../commands/commands.ts'
import type { User } from '../user.ts'
import type { Peers } from './asking.ts'
import type { MarkStore } from './marks.ts'
import type { SignUps } from './sign-ups.ts'

export interface NameGrantsOptions {
  readonly users: Pick<Commands, 'rename'> & {
    readonly signUps: SignUps
    get(id: string): User | undefined
  }
  /** The set that holds the facts of users. */
  readonly facts: Pick<FactSet, 'isErased'>
  /** The other members. */
  readonly peers: Peers
  /** Runs a change of the users, and resolves when it is kept: on this node's disk, and on other members. */
  readonly write: (change: () => void) => Promise<unknown>
  /** Resolves when the fact of this key is held and on this node's disk; else rejects. */
  readonly stored: (key: string) => Promise<void>
  /** Resolves when this node has heard what the others hold. */
  readonly ready: Promise<unknown>
  /** Whether this node may sign people up now: not before `ready`. */
  readonly isReady: () => boolean
  /** Where it is kept what this node has to answer, see `markFile`. @default nowhere: after a crash, a claim that nobody was told of keeps its name */
  readonly store?: MarkStore
  /**
   * How long a claim waits for all members, in ms, 100 to 600 000. Choose more than it takes to find that one is down, and less
   * than people wait.
   * @default 8000
   */
  readonly waitMs?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** @default silentLog */
  readonly log?: Log
}

const checks = {
  users: check(
    (value): value is NameGrantsOptions['users'] => typeof value === 'object' && value !== null,
    'a user cache',
  ),
  facts: withMethods<NameGrantsOptions['facts']>('isErased'),
  peers: withMethods<Peers>('members', 'reachable', 'request', 'handle', 'on'),
  write: callback<NameGrantsOptions['write']>(),
  stored: callback<NameGrantsOptions['stored']>(),
  ready: check((value): value is Promise<unknown> => value instanceof Promise, 'a promise'),
  isReady: callback<() => boolean>(),
  store: optional(withMethods<MarkStore>('read', 'write')),
  waitMs: orElse(wholeNumber(100, 600_000), 8_000),
  clock: orElse(withMethods<Clock>('now', 'after'), systemClock),
  log: orElse(withMethods<Log>('debug', 'info', 'warn', 'error'), silentLog),
} satisfies Checks<NameGrantsOptions>

export type NameGrantsConfig = Required<Omit<NameGrantsOptions, 'store'>> & {
  readonly store: MarkStore | undefined
}

/** @throws `INVALID_OPTION` */
export const checkNameGrants = (options: NameGrantsOptions): NameGrantsConfig => checkOptions(options, checks)
