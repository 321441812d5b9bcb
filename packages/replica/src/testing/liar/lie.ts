import type { Heard, RawFact } from './bytes.ts'
import type { Bus } from '../../bus.ts'

/** One way to lie. What it does not say it does as an honest member would. */
export interface Lie {
  readonly name: string
  /** Whether it sends what fails the gate, or breaks the form of messages: then it may be cut off, else never. */
  readonly isMalformed?: boolean
  /** Instead of the honest answer; undefined where it answers honestly. */
  readonly answer?: (liar: Liar, request: Heard, from: string) => Answer | undefined
  /** What it does unasked, each time it has a turn. */
  readonly act?: (liar: Liar) => void
}

export type Answer = Uint8Array | Promise<Uint8Array>

/** A member that knows the secret, has a place on the bus, and lies. */
export interface Liar {
  readonly bus: Bus
  readonly random: () => number
  /** What it knows of what is true, and what it has made up. */
  readonly held: ReadonlyMap<string, RawFact>
  /** Milliseconds from now. */
  readonly after: (ms: number, task: () => void) => void
  readonly epoch: string
  /** Keys of its facts in the order in which it took them in: erasures, and all else. */
  readonly halves: readonly (readonly RawFact[])[]
  lie: Lie
  act(): void
  hold(facts: readonly RawFact[]): void
  /** Sends a request and does not care; what is answered to a `fetch` it keeps. */
  tell(member: string, bytes: Uint8Array): void
  gossip(bytes: Uint8Array): void
  others(): readonly string[]
  whole(low: number, high: number): number
}
