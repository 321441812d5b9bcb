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

/** Chance of its own for a part of a run, so that one part draws the same whatever the others draw. */
export const derivedRandom = (seed: number, name: string): Random => seededRandom(hashOf(`${seed} ${name}`))

/** As `randomBytes` of node:crypto, and as guessable as its seed. */
export const bytesFrom = (random: Random, size: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, () => wholeBetween(random, 0, 255)))

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

/** FNV-1a of 32 bits: spreads names over seeds. */
const hashOf = (text: string): number =>
  Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x0100_0193), 0x811c_9dc5)
