/** One line of somebody's budget. It never changes: whoever mistyped removes it and adds another. */
export interface Entry {
  /** 22 characters of base64url. */
  readonly id: string
  readonly label: string
  /** Minor units (cents): above zero received, below zero spent. */
  readonly amount: number
  /** When it was added, in ms since 1970, by the clock of the node that added it. */
  readonly at: number
}

/** What may be kept; the same for what is typed here and for what other members send. */
export const limits = {
  /** Minor units, either way. */
  amount: 100_000_000_00,
  /** UTF-16 units of a label. */
  label: 80,
  /** Entries that one person may add; two sides of a split may exceed it together, and nothing is lost then. */
  entries: 1_000,
} as const

/** The root map of the document. */
export const entriesRoot = 'entries'

/** Where a fact about an entry lies: the entry itself, or that it was removed. */
export type FactPlace =
  | { readonly kind: 'entry'; readonly user: string; readonly entry: string }
  | { readonly kind: 'removal'; readonly user: string; readonly entry: string }

const id = '[A-Za-z0-9_-]{22}'
const entryKeyPattern = new RegExp(`^(${id})/(${id})$`)
const removalKeyPattern = new RegExp(`^(${id})/(${id})/(${id})$`)

export const entryKey = (user: string, entry: string): string => `${user}/${entry}`

/** Each removal has a key of its own, so that two of them, on two sides of a split, are not in each other's way. */
export const removalKey = (user: string, entry: string, removal: string): string =>
  `${user}/${entry}/${removal}`

export const removed = 'removed'

export const placeOf = (key: string): FactPlace | undefined => {
  const [, user, entry] = entryKeyPattern.exec(key) ?? []
  if (user !== undefined && entry !== undefined) return { kind: 'entry', user, entry }
  const [, owner, gone] = removalKeyPattern.exec(key) ?? []
  if (owner !== undefined && gone !== undefined) return { kind: 'removal', user: owner, entry: gone }
  return undefined
}

/** The content of an entry as it lies in the document; `undefined` for anything malformed. */
export const parseEntry = (value: unknown): Omit<Entry, 'id'> | undefined => {
  if (typeof value !== 'object' || value === null || Reflect.ownKeys(value).length !== 3) return undefined
  const [label, amount, at] = ['label', 'amount', 'at'].map((name) => own(value, name))
  if (typeof label !== 'string' || labelProblem(label) !== undefined) return undefined
  if (typeof amount !== 'number' || !isAmount(amount)) return undefined
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return undefined
  return { label, amount, at }
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
