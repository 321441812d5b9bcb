import { createHash } from 'node:crypto'
import { isRecord, parseJson } from '@grapevine/std'
import { factOf, type Fact } from '@grapevine/facts'

/** That all sessions of before were ended at once: data of an earlier time was put back, and ends of sessions with it. */
export interface EpochFact {
  /** 128 random bits: no two of them are the same, and none was there before. */
  readonly salt: string
  /** Those that were known when it was written. */
  readonly after: readonly string[]
}

/** Named by what is random in it: the erasure of no user takes it. */
export const epochFactOf = ({ salt, after }: EpochFact): Fact =>
  factOf(`epoch-${salt}`, JSON.stringify({ kind: 'epoch', salt, after }))

/** `undefined` for what is not understood. */
export const parseEpochFact = (text: string): EpochFact | undefined => {
  if (!text.startsWith('{"kind":"epoch"')) return undefined
  const value = parseJson(text)
  return isEpochFact(value) ? { salt: value.salt, after: value.after } : undefined
}

export const isEpochFact = (value: unknown): value is EpochFact =>
  isRecord(value) && isSalt(value['salt']) && Array.isArray(value['after']) && value['after'].every(isSalt)

const isSalt = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{22}$/.test(value)

/** Those that no other has superseded, sorted. */
export const headsOf = (facts: readonly EpochFact[]): readonly string[] => {
  const superseded = new Set(facts.flatMap(({ after }) => after))
  return [...new Set(facts.map(({ salt }) => salt))].filter((salt) => !superseded.has(salt)).sort()
}

/** Names the set of them; `undefined` as long as there are none. It never becomes again what it was. */
export const epochOf = (heads: readonly string[]): string | undefined =>
  heads.length === 0 ? undefined : createHash('sha256').update(heads.join()).digest('base64url').slice(0, 22)
