import { BoundedMap, type Clock } from '@grapevine/std'
import { limits } from '../limits.ts'

/** Which members are known not to hold what was acknowledged here: how many writes, and since when. */
export interface Lag {
  /** The member did not confirm a write in time. */
  missed(member: string): void
  /** The member holds all that is held here. */
  caughtUp(member: string): void
  all(): readonly MemberLag[]
}

export interface MemberLag {
  readonly member: string
  /** Writes that it did not confirm since it last held all. */
  readonly writes: number
  /** Milliseconds since the first of them. */
  readonly for: number
}

export const createLag = (clock: Clock): Lag => {
  // Members come with an id of their own each time that they come with an empty disk.
  const members = new BoundedMap<string, { writes: number; readonly since: number }>(limits.records)
  return {
    missed: (member) => {
      const behind = members.get(member)
      if (behind === undefined) members.set(member, { writes: 1, since: clock.now() })
      else behind.writes += 1
    },
    caughtUp: (member) => void members.delete(member),
    all: () =>
      [...members].map(([member, { writes, since }]) => ({ member, writes, for: clock.now() - since })),
  }
}
