/** A time in which members could not reach each other, from the first loss until all hold the same again. */
export interface Incident {
  readonly kind: 'disturbance'
  /** Ms since 1970, as all times here. */
  readonly from: number
  /** Members that were lost, in the order of their loss. */
  readonly lost: readonly Loss[]
  /** Seen from outside: members of both sides answered. */
  readonly isSplit: boolean
  /** Of a split that is seen from outside: who was on each side. From inside there is only this side. */
  readonly sides: readonly SideCount[]
  /** All that were lost are back, or have left for good, and there is one side again. */
  readonly healedAt?: number
  /** All hold the same again. */
  readonly equalAt?: number
  /** Users in all once all held the same, and before. */
  readonly users?: { readonly before: number; readonly after: number }
  /** Names that became contested since it began. */
  readonly contested: readonly string[]
}

export interface Loss {
  readonly id: string
  readonly name: string
  readonly at: number
}

/** Users of one side, before the split and as last counted while it lasted. */
export interface SideCount {
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly count: number
  readonly before: number | undefined
  readonly now: number | undefined
}

/** Members that came or left within a short time: nothing to worry about. */
export interface Note {
  readonly kind: 'joined' | 'left'
  readonly from: number
  readonly until: number
  readonly names: readonly string[]
  readonly count: number
}

/** More than one account claims a name, and no disturbance was going on. */
export interface Contest {
  readonly kind: 'contested'
  readonly from: number
  readonly names: readonly string[]
}

/** What somebody else saw, in sentences. */
export interface Hearsay {
  readonly kind: 'told'
  readonly from: number
  readonly what: string
  readonly more: readonly string[]
  readonly by: string
}

export type Entry = Incident | Note | Contest | Hearsay

export const isOpen = (entry: Entry): entry is Incident =>
  entry.kind === 'disturbance' && entry.equalAt === undefined
