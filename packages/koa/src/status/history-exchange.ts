import { told, type Entry } from '@grapevine/dashboard'
import { deadline, isRecord, parseJson, type Clock } from '@grapevine/std'
import type { Membership } from '@grapevine/membership'

export interface HistoryExchangeParts {
  readonly membership: Pick<Membership, 'self' | 'members' | 'request' | 'handle' | 'on'>
  readonly clock: Clock
  /** When this member began to watch, in ms since 1970: what was before others have to tell. */
  readonly since: number
  readonly entries: () => readonly Entry[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What others saw before this member was there. */
export interface EarlierHistory {
  entries(): readonly Entry[]
  close(): void
}

const protocol = 'history'
/** A day, as what was seen here. */
const keptFor = 24 * 60 * 60 * 1_000
/** How long a member may take to tell, in ms; how many are asked before it is given up. */
const patience = 2_000
const mostAsked = 5
const limits = { bytes: 131_072, entries: 100, lines: 8, text: 1_000 } as const

/** Tells others what was seen here, and asks the first that can be asked what was before. */
export const exchangeHistory = async (parts: HistoryExchangeParts): Promise<EarlierHistory> => {
  const { membership, since, entries } = parts
  let earlier: readonly Entry[] = []
  let left = mostAsked
  const stopAnswering = await membership.handle(protocol, () => encodeEntries(entries()))
  const stopListening = membership.on('member:linked', ({ member: { id, name } }) => {
    if (left === 0) return
    left -= 1
    void askOne(parts, id).then((answer) => {
      if (answer === undefined || left < 0) return
      left = 0
      earlier = answer.filter(({ from }) => from < since).map((entry) => ({ ...entry, by: name }))
    })
  })
  return {
    entries: () => earlier.filter(({ from }) => parts.now() - from < keptFor),
    close: () => {
      left = 0
      stopListening()
      stopAnswering()
    },
  }
}

type Sentences = Omit<Extract<Entry, { kind: 'told' }>, 'by'>

const askOne = async (
  { membership, clock }: HistoryExchangeParts,
  member: string,
): Promise<readonly Sentences[] | undefined> => {
  const { signal, end } = deadline(clock, patience)
  try {
    return decodeEntries(await membership.request(member, protocol, new Uint8Array(), { signal }))
  } catch {
    return undefined // of the version before, or too slow: the next one is asked
  } finally {
    end()
  }
}

/** Sentences, not what they are made of: versions may differ in that. What was itself heard of is not passed on. */
export const encodeEntries = (entries: readonly Entry[]): Uint8Array =>
  Buffer.from(
    JSON.stringify(
      entries
        .filter(({ kind }) => kind !== 'told')
        .slice(0, limits.entries)
        .map((entry) => ({ from: entry.from, ...told(entry) })),
    ),
  )

/** `undefined` for what is no history; of an entry that makes no sense nothing is taken. */
export const decodeEntries = (bytes: Uint8Array): readonly Sentences[] | undefined => {
  if (bytes.length > limits.bytes) return undefined
  const value = parseJson(Buffer.from(bytes).toString())
  if (!Array.isArray(value) || value.length > limits.entries) return undefined
  return value.flatMap((entry): Sentences[] => {
    if (!isRecord(entry)) return []
    const { from, what, more } = entry
    if (typeof from !== 'number' || !Number.isSafeInteger(from) || from < 0 || from > latest) return []
    if (!isText(what) || !Array.isArray(more) || more.length > limits.lines || !more.every(isText)) return []
    return [{ kind: 'told', from, what, more }]
  })
}

/** The last time that a date can be. */
const latest = 8.64e15

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= limits.text
