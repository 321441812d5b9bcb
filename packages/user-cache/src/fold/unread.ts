import type { UnreadReason } from '../facts/read-fact.ts'

/** What is held and not read, for one reason. */
export interface UnreadCount {
  readonly count: number
  /** Keys of some of them. */
  readonly examples: readonly string[]
}

/** Facts that are held, passed on and not read: counted, so that somebody sees them. */
export interface Unread {
  note(subject: string, key: string, reason: UnreadReason): void
  /** The subject is erased. */
  forget(subject: string): void
  /** Reasons in the order in which they came up. */
  report(): Readonly<Partial<Record<UnreadReason, UnreadCount>>>
}

/** Keys that are shown for each reason. */
export const maxExamples = 5

/** @param onFirst told once of each reason */
export const createUnread = (onFirst: (reason: UnreadReason, key: string) => void): Unread => {
  const bySubject = new Map<string, Map<string, UnreadReason>>()
  const told = new Set<UnreadReason>()
  const byReason = new Map<UnreadReason, { count: number; readonly examples: Set<string> }>()

  return {
    note: (subject, key, reason) => {
      const ofSubject = bySubject.get(subject) ?? new Map<string, UnreadReason>()
      if (ofSubject.has(key)) return
      bySubject.set(subject, ofSubject.set(key, reason))
      const counted = byReason.get(reason) ?? { count: 0, examples: new Set() }
      counted.count += 1
      if (counted.examples.size < maxExamples) counted.examples.add(key)
      byReason.set(reason, counted)
      if (told.has(reason)) return
      told.add(reason)
      onFirst(reason, key)
    },
    forget: (subject) => {
      for (const [key, reason] of bySubject.get(subject) ?? []) {
        const counted = byReason.get(reason)
        if (counted === undefined) continue
        counted.count -= 1
        counted.examples.delete(key)
        if (counted.count === 0) byReason.delete(reason)
      }
      bySubject.delete(subject)
    },
    report: () =>
      Object.fromEntries(
        [...byReason].map(([reason, { count, examples }]) => [reason, { count, examples: [...examples] }]),
      ),
  }
}
