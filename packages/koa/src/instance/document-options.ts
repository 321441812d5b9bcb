import {
  callback,
  check,
  checkOptions,
  flag,
  InvalidOptionError,
  optional,
  shown,
  type Check,
  type Checks,
} from '@grapevine/std'
import type { FactSet } from '@grapevine/facts'
import type { Policy } from '@grapevine/replica'
import type * as Y from 'yjs'

/** A document of the app's own: what it holds is the same on every member, and on each one's disk. */
export interface DocumentOptions {
  /** @default a new one */
  readonly doc?: Y.Doc
  /** Judges what other members would do to it. @default accepts whatever is within the replica's bounds */
  readonly policy?: Policy
  /**
   * What is in it belongs to users, and goes with them: removes all that is of this user, in one transaction.
   * @default nothing in it is kept by user
   */
  readonly keptByUser?: (userId: string) => void
  /**
   * Takes over what is kept for one user for another, in one transaction; doing it twice does no harm. For people who signed up on both
   * sides of a split.
   * @default such people can only erase the second account, if something is kept by user
   */
  readonly joinUsers?: (from: string, to: string) => void
}

/** A set of facts of the app's own: it only grows, but for those who are erased, and no merge loses or changes any of it. */
export interface FactsOptions {
  /** Whether the subject of each fact is a user's id: whoever is erased is erased there as well, on every member. */
  readonly keptByUser: boolean
  /**
   * Inserts what is kept for one user for another, as for a document; doing it twice does no harm.
   * @default such people can only erase the second account, if the facts are kept by user
   */
  readonly joinUsers?: (from: string, to: string, set: FactSet) => void
}

/** Those of an app, by name. */
export type DocumentsOf<Name extends string> = Readonly<Partial<Record<Name, DocumentOptions>>>
export type FactsOf<Name extends string> = Readonly<Partial<Record<Name, FactsOptions>>>

/** Topics and folders that every instance has. */
export const ownTopics = { users: 'users', sessions: 'sessions' } as const

const isTaken = (name: string): boolean => /^(users|sessions|sessions-\d+|member|slot-\d+)$/.test(name)

const checkName = (option: string, name: string): void => {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/.test(name) && !isTaken(name)) return
  throw new InvalidOptionError(
    option,
    shown(name),
    'names of 1 to 48 letters, digits, dots, dashes and underscores, but users, sessions, member and slot-1 and the like',
  )
}

const documentChecks: Checks<DocumentOptions> = {
  doc: optional(check((value): value is Y.Doc => typeof value === 'object', 'a Y.Doc')),
  policy: optional(callback<Policy>()),
  keptByUser: optional(callback<(userId: string) => void>()),
  joinUsers: optional(callback<(from: string, to: string) => void>()),
}

const isNamed =
  <T extends object>(option: string, checks: Checks<T>) =>
  (value: unknown): value is Readonly<Record<string, T>> => {
    if (typeof value !== 'object' || value === null) return false
    for (const [name, one] of Object.entries(value)) {
      checkName(option, name)
      checkOptions(one, checks, `${option}.${name}`)
    }
    return true
  }

export const checkDocuments: Check<Readonly<Record<string, DocumentOptions>>> = (option, value) =>
  check(isNamed<DocumentOptions>(option, documentChecks), 'documents by name')(option, value)

const factsChecks: Checks<FactsOptions> = {
  keptByUser: flag,
  joinUsers: optional(callback<NonNullable<FactsOptions['joinUsers']>>()),
}

export const checkFacts: Check<Readonly<Record<string, FactsOptions>>> = (option, value) =>
  check(isNamed<FactsOptions>(option, factsChecks), 'sets of facts by name')(option, value)
