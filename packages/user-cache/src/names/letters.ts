/**
 * The letters, marks and decimal digits that a username may have, and in which scripts they are used: tables of Unicode
 * 16.0, the same on every node whatever its Node.js and ICU know. Unpacked with the first name that is not ASCII.
 */
import { caseFolds, letterRanges, scriptSets } from './tables.ts'

interface Letters {
  /** First and last of each range, in order. */
  readonly bounds: Uint32Array
  readonly ranges: readonly Letter[]
}

export interface Letter {
  readonly scripts: Scripts
  readonly isMark: boolean
}

/** Scripts, and writing systems that mix some, in which a letter is used; `any`: it belongs to none. */
export type Scripts = 'any' | ReadonlySet<string>

/** `undefined`: no letter that a username may have. */
export const letterAt = (point: number): Letter | undefined => {
  const { bounds, ranges } = letters()
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[middle * 2 + 1] ?? 0) < point) low = middle + 1
    else high = middle
  }
  return (bounds[low * 2] ?? Infinity) <= point ? ranges[low] : undefined
}

/** Full case folding of one code point; dotless `ı` becomes `i`. */
export const foldOf = (point: number): string | undefined => folds().get(point)

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

const numbersOf =
  (separator: string) =>
  (packed: string): number[] =>
    packed.split(separator).map((digits) => Number.parseInt(digits, 36))

const letters = once((): Letters => {
  const sets = scriptSets.split(',').map((set): Scripts => (set === 'any' ? 'any' : new Set(set.split(' '))))
  const kinds = sets.flatMap((scripts): Letter[] => [
    { scripts, isMark: false },
    { scripts, isMark: true },
  ])
  const bounds: number[] = []
  const ranges: Letter[] = []
  let last = 0
  for (const [distance = 0, further = 0, kind = 0] of letterRanges.split(' ').map(numbersOf('.'))) {
    bounds.push(last + distance, last + distance + further)
    last += distance + further
    ranges.push(kinds[kind] ?? { scripts: 'any', isMark: false })
  }
  return { bounds: Uint32Array.from(bounds), ranges }
})

const folds = once((): ReadonlyMap<number, string> => {
  const map = new Map<number, string>()
  let from = 0
  for (const [distance = 0, ...to] of caseFolds.split(' ').map(numbersOf(':'))) {
    from += distance
    map.set(from, String.fromCodePoint(...to.map((offset) => from + offset)))
  }
  return map
})
