import { randomInt } from 'node:crypto'

/** Random choices that can be made again: set `SEED` to the number that a failed run printed. */
export interface SeededRandom {
  /** Whole, from 0 to below `end`. */
  below(end: number): number
  of<T>(items: readonly T[]): T
  /** Two different ones. */
  twoOf<T>(items: readonly T[]): [T, T]
}

export const seededRandom = (): SeededRandom => {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32))
  process.stdout.write(`SEED=${seed}\n`)
  const next = mulberry32(seed)
  const below = (end: number): number => Math.floor(next() * end)
  const of = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new RangeError('nothing to choose from')
    return item
  }
  return {
    below,
    of,
    twoOf: (items) => {
      const one = of(items)
      return [one, of(items.filter((item) => item !== one))]
    },
  }
}

/** Tommy Ettinger's mulberry32: small, and good enough to choose nodes with. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
