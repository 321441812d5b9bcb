import { parseJson } from '@grapevine/std'

/** One line of somebody's budget. It never changes: whoever mistyped removes it and adds another. */
export interface Entry {
  /** The hash in the key of its fact. */
  readonly id: string
  readonly label: string
  /** Minor units (cents): above zero received, below zero spent. */
  readonly amount: number
  /** When it was added, in ms since 1970, by the clock of the node that added it. */
  readonly at: number
}

/** What may be kept of what is typed here, and what is shown of what other members send. */
export const limits = {
  /** Minor units, either way. */
  amount: 100_000_000_00,
  /** UTF-16 units of a label. */
  label: 80,
  /** Entries that one person may add; two sides of a split may exceed it together, and nothing is lost then. */
  entries: 1_000,
  /** What one person may add and remove within a minute. */
  changesPerMinute: 300,
  /**
   * What one person may add and remove in all, before it is once in ten minutes: it is kept, so that no merge revives what was removed.
   */
  lifetime: 20_000,
} as const

/** What the texts in the set of entries say, in JSON. */
export type EntryFact =
  | ({ readonly kind: 'added' } & Omit<Entry, 'id'>)
  /** `entry`: the id of the one that was removed. */
  | { readonly kind: 'removed'; readonly entry: string }

/** The salt makes two alike entries two, and lets a key tell nothing of a text that is gone. */
export const encodeEntryFact = (fact: EntryFact, salt: string): string => JSON.stringify({ ...fact, salt })

/** `undefined` for what is not understood: it is held and passed on, and not shown. */
export const parseEntryFact = (text: string): EntryFact | undefined => {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  const [kind, entry, label, amount, at] = ['kind', 'entry', 'label', 'amount', 'at'].map((name) =>
    own(value, name),
  )
  if (kind === 'removed') return typeof entry === 'string' ? { kind, entry } : undefined
  if (kind !== 'added') return undefined
  if (typeof label !== 'string' || labelProblem(label) !== undefined) return undefined
  if (typeof amount !== 'number' || !isAmount(amount)) return undefined
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return undefined
  return { kind, label, amount, at }
}

export const isAmount = (amount: number): boolean =>
  Number.isSafeInteger(amount) && amount !== 0 && Math.abs(amount) <= limits.amount

/** What is wrong with a label, as a sentence for the person; `undefined` when it may be kept. */
export const labelProblem = (label: string): string | undefined => {
  if (label.trim() === '') return 'Say what it was for.'
  if (label.length > limits.label) {
    return `Use at most ${limits.label} characters to say what it was for.`
  }
  // Control and format characters could hide or turn round what stands beside them; a lone surrogate is no text.
  return /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u.test(label)
    ? 'What it was for holds a character that cannot be shown.'
    : undefined
}

const own = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
