import type { Clock } from '@grapevine/std'

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
  const members = new Map<string, { writes: number; readonly since: number }>()
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
