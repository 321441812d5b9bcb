import {
  callback,
  check,
  checkOptions,
  InvalidOptionError,
  optional,
  shown,
  type Check,
} from '@grapevine/std'
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
}

/** Those of an app, by name. */
export type DocumentsOf<Name extends string> = Readonly<Partial<Record<Name, DocumentOptions>>>

/** Topics and folders that every instance has. */
export const ownTopics = { users: 'users', sessions: 'sessions' } as const

const isTaken = (name: string): boolean => /^(users|sessions|sessions-\d+|member)$/.test(name)

const checkName = (option: string, name: string): void => {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/.test(name) && !isTaken(name)) return
  throw new InvalidOptionError(
    option,
    shown(name),
    'names of 1 to 48 letters, digits, dots, dashes and underscores, but users, sessions and member',
  )
}

const documentChecks = {
  doc: optional(check((value): value is Y.Doc => typeof value === 'object', 'a Y.Doc')),
  policy: optional(callback<Policy>()),
  keptByUser: optional(callback<(userId: string) => void>()),
}

const isDocuments =
  (option: string) =>
  (value: unknown): value is Readonly<Record<string, DocumentOptions>> => {
    if (typeof value !== 'object' || value === null) return false
    for (const [name, document] of Object.entries(value)) {
      checkName(option, name)
      checkOptions(document, documentChecks, `${option}.${name}`)
    }
    return true
  }

export const checkDocuments: Check<Readonly<Record<string, DocumentOptions>>> = (option, value) =>
  check(isDocuments(option), 'documents by name')(option, value)
