import { BoundedMap } from '@grapevine/std'
import { limits } from '../limits.ts'

/** How each member's document compared with this one last. */
export interface PeerComparisons {
  set(member: string, state: PeerState): void
  /** They differ at the moment, as they do while a change is on its way; whether they diverged stays as it is. */
  differs(member: string): void
  /** Counts one more exchange that ended unequal with nothing left to send. @returns how many in a row */
  differed(member: string): number
  all(state: PeerState): readonly string[]
}

export type PeerState = 'inSync' | 'diverged' | 'unknown'

export const createPeerComparisons = (changed: () => void): PeerComparisons => {
  const states = new BoundedMap<string, Exclude<PeerState, 'unknown'>>(limits.records)
  const unequal = new BoundedMap<string, number>(limits.records)
  return {
    set: (member, state) => {
      const before = states.get(member) ?? 'unknown'
      if (state === 'unknown') states.delete(member)
      else states.set(member, state)
      if (state === 'inSync') unequal.delete(member)
      if (before !== state) changed()
    },
    differs: (member) => {
      if (states.get(member) !== 'inSync') return
      states.delete(member)
      changed()
    },
    differed: (member) => {
      const times = (unequal.get(member) ?? 0) + 1
      unequal.set(member, times)
      return times
    },
    all: (state) => [...states].filter(([, known]) => known === state).map(([member]) => member),
  }
}
