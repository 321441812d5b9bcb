import type { Turn } from '../state/state.ts'

/** Two members that learn of each other at once would connect twice: the one with the lower id dials first. */
export const courtesyTo = ({ state: { self, timings } }: Turn, peer: string | undefined): number =>
  peer !== undefined && self.id > peer ? timings.courtesy : 0

/** Milliseconds after the first word of a member. */
const acquaintance = 10_000

/**
 * Of two that have just met the one with the higher id dials only as long as it is not busy with others: where many start at once a
 * handshake takes longer than the courtesy, and each pair would do it twice.
 */
export const leavesDialTo = ({ state: { self, peers }, now }: Turn, peer: string | undefined): boolean =>
  peer !== undefined && self.id > peer && now < (peers.get(peer)?.metAt ?? now) + acquaintance
