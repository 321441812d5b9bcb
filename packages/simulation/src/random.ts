/** Uniform in [0, 1). */
export type Random = () => number

/** mulberry32 (T. Ettinger): small, fast, and good enough to choose faults by; the same seed, the same numbers. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least)

/** A whole number from `least` to `most`, both included. */
export const wholeBetween = (random: Random, least: number, most: number): number =>
  Math.floor(between(random, least, most + 1))

export const shuffled = <T>(random: Random, items: Iterable<T>): T[] =>
  [...items]
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
