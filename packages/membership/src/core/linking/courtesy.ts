import type { Turn } from '../state/state.ts'

/** Two members that learn of each other at once would connect twice: the one with the lower id dials first. */
export const courtesyTo = ({ state: { self, timings } }: Turn, peer: string | undefined): number =>
  peer !== undefined && self.id > peer ? timings.courtesy : 0
