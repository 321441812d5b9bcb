import { limits } from '../../limits.ts'
import { refusal } from './byte-reader.ts'

/**
 * Counts the siblings of an update: its items that are put at one place. Yjs compares each item with all that were put
 * there concurrently: the cost is their square.
 */
export interface SiblingLimit {
  /** The place of the next item is after this one, or in it. */
  id(client: number, clock: number): void
  /** Its place is under this name, or key. */
  name(bytes: Uint8Array): void
  /** All is said of where the item is. @throws RefusedUpdateError if too many are there */
  count(): void
}

/** Places are told apart by a hash (FNV-1a, 32 bits): two that share one are counted as one, and not by chance 512 of them. */
export const createSiblingLimit = (): SiblingLimit => {
  const sizes = new Map<number, number>()
  let place = basis
  const mix = (value: number): void => {
    place = Math.imul(place ^ value, prime)
  }
  return {
    id: (client, clock) => {
      mix(client)
      mix(clock)
    },
    name: (bytes) => {
      mix(bytes.length)
      for (const byte of bytes) mix(byte)
    },
    count: () => {
      const size = (sizes.get(place) ?? 0) + 1
      if (size > limits.siblings)
        throw refusal(`more than ${limits.siblings} items at one place in one update`)
      sizes.set(place, size)
      place = basis
    },
  }
}

const [basis, prime] = [0x811c9dc5, 0x01000193]
