import { createHash } from 'node:crypto'
import type { Stamp } from '../clock/stamp.ts'

/** A fact, as far as it is compared with others. */
export interface Head {
  readonly hash: string
  readonly at: Stamp
}

/** Of facts that did not know of each other: by stamp, then by hash. */
export const isBefore = (a: Head, b: Head): boolean => (a.at === b.at ? a.hash < b.hash : a.at < b.at)

/**
 * The facts of a register that no other of it names: one, but for those who wrote in a split. A member that lies can make
 * thousands, so that what is asked of them is not worked out anew for each further one.
 */
export class Heads {
  readonly #stamps = new Map<string, Stamp>()
  #latest: Head | undefined
  #sorted: string[] | undefined
  #digest: string | undefined

  get size(): number {
    return this.#stamps.size
  }

  add(head: Head): void {
    this.#stamps.set(head.hash, head.at)
    this.#digest = undefined
    if (this.#latest !== undefined && isBefore(this.#latest, head)) this.#latest = head
    if (this.#sorted !== undefined) this.#sorted.splice(placeOf(this.#sorted, head.hash), 0, head.hash)
  }

  /** @returns whether it was one */
  delete(hash: string): boolean {
    if (!this.#stamps.delete(hash)) return false
    this.#sorted = undefined
    this.#digest = undefined
    if (this.#latest?.hash === hash) this.#latest = undefined
    return true
  }

  hashes(): Iterable<string> {
    return this.#stamps.keys()
  }

  /** The one that counts: the latest of those that did not know of each other. */
  latest(): Head | undefined {
    if (this.#latest !== undefined) return this.#latest
    for (const [hash, at] of this.#stamps) {
      const latest = this.#latest
      if (latest === undefined || isBefore(latest, { hash, at })) this.#latest = { hash, at }
    }
    return this.#latest
  }

  /** SHA-256 of all of them in the order of their hashes, with commas between, in base64url. */
  digest(): string {
    this.#sorted ??= [...this.#stamps.keys()].sort()
    this.#digest ??= createHash('sha256').update(this.#sorted.join()).digest('base64url')
    return this.#digest
  }
}

/** Where a text belongs in a sorted list. */
const placeOf = (sorted: readonly string[], text: string): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
