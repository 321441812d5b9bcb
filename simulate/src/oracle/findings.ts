/** A promise that was not kept. */
export type FindingKind =
  /** An account, a password, an entry or a note was acknowledged, and is not there. */
  | 'lost'
  /** Somebody came into another's account. */
  | 'foreign-account'
  /** A session that was ended is believed. */
  | 'ended-session-valid'
  /** What was erased is there, in a memory or on a disk. */
  | 'erased-still-there'
  /** Members hold different things, or read them differently, after the quiet. */
  | 'diverged'
  /** After the quiet a node does not serve, or refuses what it must not. */
  | 'unavailable'
  /** An answer that no app should give: 500, or one that nobody foresaw. */
  | 'unexpected-answer'
  /** A name that is acknowledged to two people with no split in the way. */
  | 'name-granted-twice'
  /** A secret in a log. */
  | 'secret-in-log'
  /** More messages than a quiet cluster sends. */
  | 'too-busy'

export interface Finding {
  readonly kind: FindingKind
  readonly words: string
}

export interface Findings {
  add(kind: FindingKind, words: string): void
  readonly all: readonly Finding[]
}

export const createFindings = (note: (words: string) => void): Findings => {
  const all: Finding[] = []
  return {
    add: (kind, words) => {
      note(`FOUND ${kind}: ${words}`)
      all.push({ kind, words })
    },
    all,
  }
}
