import { isErasure, subjectOf } from './fact.ts'

/**
 * Which keys there are of each subject. Of nearly every subject one is known, and it is kept by itself: a list for each
 * is felt with a million of them.
 */
export interface Subjects {
  add(key: string): void
  has(key: string): boolean
  of(subject: string): readonly string[]
  /** Takes all keys of the subject out but its erasure. */
  takeSpent(subject: string): readonly string[]
  isErased(subject: string): boolean
}

export const createSubjects = (): Subjects => {
  const keys = new Map<string, string | string[]>()
  const erased = new Set<string>()

  const of = (subject: string): readonly string[] => {
    const held = keys.get(subject)
    if (held === undefined) return nothing
    return typeof held === 'string' ? [held] : held
  }

  return {
    add: (key) => {
      const subject = subjectOf(key)
      const held = keys.get(subject)
      if (held === undefined) keys.set(subject, key)
      else if (typeof held === 'string') keys.set(subject, [held, key])
      else held.push(key)
      if (isErasure(key)) erased.add(subject)
    },
    has: (key) => of(subjectOf(key)).includes(key),
    of,
    takeSpent: (subject) => {
      const spent = of(subject).filter((key) => !isErasure(key))
      const erasure = of(subject).find(isErasure)
      if (erasure !== undefined) keys.set(subject, erasure)
      return spent
    },
    isErased: (subject) => erased.has(subject),
  }
}

const nothing: readonly never[] = Object.freeze([])
