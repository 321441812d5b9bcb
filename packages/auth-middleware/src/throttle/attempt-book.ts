import { createHash } from 'node:crypto'
import type { AttemptLimits } from '../config.ts'
import type { AttemptKind } from './attempt-limiter.ts'

/**
 * One member's rights to let passwords be tried: a bounded counter after Balegas et al. 2015 ("Extending Eventually
 * Consistent Cloud Databases for Enforcing Numeric Invariants"). The allowance of a subject is divided among *all*
 * members, reachable or not; a member spends only what it holds, and may hand some of it to another. Rights are
 * moved, never copied, so all members together never exceed the allowance (or one each, if that is more), whoever of
 * them can talk.
 */
export interface AttemptBook {
  /** The number of the window that the clock is in. */
  window(): number
  /** Spends one right. False: none is left here. */
  take(key: AttemptKey): boolean
  /** Undoes a `take`. */
  giveBack(key: AttemptKey): void
  /** Gives away half of the rights that are left here, rounded up; 0 for a window too far from this clock. */
  lend(key: AttemptKey): number
  /** Adds rights that another member has given away. */
  receive(key: AttemptKey, amount: number): void
  retryAfterSeconds(): number
  /** All of it, to be kept for the next run. */
  state(): BookState
}

/** As JSON has it. */
export interface BookState {
  /** All members that were last known, this one included. */
  readonly members: readonly string[]
  readonly windows: readonly {
    readonly number: number
    readonly members: readonly string[]
    readonly pages: readonly (readonly [place: string, page: Page])[]
  }[]
}

export interface AttemptKey {
  readonly kind: AttemptKind
  /** See {@link subjectId}. */
  readonly id: string
  readonly window: number
}

export interface AttemptBookOptions {
  readonly limits: AttemptLimits
  /** This member's id, and those of all members that have not left for good, this one included. */
  readonly self: string
  readonly members: () => readonly string[]
  readonly now: () => number
  /** Subjects with rights of their own in one window; later ones share. */
  readonly maxSubjects?: number
  /** What the last run has left. */
  readonly restored?: BookState | undefined
}

export interface Page {
  share: number
  received: number
  lent: number
  spent: number
}

interface Window {
  /** All members ever seen in this window, sorted: one that leaves has perhaps spent its share. */
  members: readonly string[]
  readonly pages: Map<string, Page>
}

const defaultMaxSubjects = 50_000
const sharedPages = 1024

/** 128 bits of what is guessed at: neither names nor addresses are kept, or told to other members. */
export const subjectId = (kind: AttemptKind, subject: string): string =>
  createHash('sha256').update(`${kind}\n${subject}`).digest('base64url').slice(0, 22)

export const attemptBook = (options: AttemptBookOptions): AttemptBook => {
  const { limits, self, members, now, maxSubjects = defaultMaxSubjects } = options
  const windows = restoredWindows(options.restored)
  const current = (): number => Math.floor(now() / limits.windowMs)
  const isNear = (number: number): boolean => Math.abs(number - current()) <= 1

  const open = (number: number): Window => {
    let window = windows.get(number)
    if (window === undefined) {
      for (const old of windows.keys()) if (!isNear(old)) windows.delete(old)
      window = { members: [], pages: new Map() }
      windows.set(number, window)
    }
    window.members = union(window.members, [self, ...members()])
    return window
  }

  const page = ({ kind, id, window: number }: AttemptKey): Page => {
    const { members, pages } = open(number)
    const full = pages.size >= maxSubjects
    // A flood of names must not push out the one that is guessed at. Those who share a page wait for each other.
    const place = full && !pages.has(id) ? `${kind}/${numberOf(id) % sharedPages}` : id
    const share = shareOf(limits[kind], members, self, place)
    const found = pages.get(place)
    if (found !== undefined) {
      found.share = Math.min(found.share, share)
      return found
    }
    const made = { share, received: 0, lent: 0, spent: 0 }
    pages.set(place, made)
    return made
  }

  return {
    window: current,
    take(key) {
      const found = page(key)
      if (left(found) < 1) return false
      found.spent += 1
      return true
    },
    giveBack(key) {
      if (windows.has(key.window)) page(key).spent -= 1
    },
    lend(key) {
      if (!isNear(key.window)) return 0
      const found = page(key)
      const amount = Math.ceil(Math.max(0, left(found)) / 2)
      found.lent += amount
      return amount
    },
    receive(key, amount) {
      page(key).received += amount
    },
    state: () => ({
      members: union([], [self, ...members()]),
      windows: [...windows].map(([number, { members, pages }]) => ({ number, members, pages: [...pages] })),
    }),
    retryAfterSeconds: () => Math.max(1, Math.ceil(((current() + 1) * limits.windowMs - now()) / 1000)),
  }
}

const restoredWindows = (state: BookState | undefined): Map<number, Window> =>
  new Map(
    (state?.windows ?? []).map(({ number, members, pages }) => [
      number,
      { members, pages: new Map(pages.map(([place, page]) => [place, { ...page }])) },
    ]),
  )

const left = ({ share, received, lent, spent }: Page): number => share + received - lent - spent

/**
 * The shares of all members add up to the cap; what cannot be divided goes to members that the subject chooses. Where
 * there are more members than the cap each has one all the same: a member that is cut off from all others must be able
 * to let in whoever knows their password.
 */
export const shareOf = (cap: number, members: readonly string[], self: string, subject: string): number => {
  const count = members.length
  if (cap < count) return 1
  const place = (members.indexOf(self) - (numberOf(subject) % count) + count) % count
  return Math.floor(cap / count) + (place < cap % count ? 1 : 0)
}

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE()

const union = (known: readonly string[], more: readonly string[]): readonly string[] => {
  const all = new Set(known)
  for (const member of more) all.add(member)
  return all.size === known.length ? known : [...all].sort()
}
