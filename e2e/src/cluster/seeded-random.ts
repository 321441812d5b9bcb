import { randomInt } from 'node:crypto'
import { seededRandom as numbersOf } from '@grapevine/local-cluster'

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
  const next = numbersOf(seed)
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
