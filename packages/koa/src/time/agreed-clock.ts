/**
 * What time it is, as the cluster has it: the middle of the clocks of all members that can be reached, the own one included. Most clocks
 * of a cluster are right, so that a node whose own is not goes by those of the others: it ages sessions, counts guesses and
 * forgets records as they do. With two, or an even number, it is the earlier one of the middle: what is forgotten late harms nobody.
 *
 * It authorises nothing. Where most clocks are wrong it is wrong, and sessions end too early or too late for that.
 */
export interface AgreedClock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** It was compared with another member's clock, or nobody was there for so long that it goes by itself. */
  readonly isSettled: () => boolean
}

/** Whose clocks are asked; `Membership` has this shape. */
export interface Others {
  /** `skew`: milliseconds that a member's clock is ahead of the own one, as that stands now. */
  members(): readonly { readonly id: string; readonly skew?: number }[]
  reachable(): readonly string[]
}

/** Milliseconds without anybody to compare with until a clock goes by itself. */
const aloneMs = 10_000
/** How long the others are not looked at again, and how far the own clock may jump unnoticed, in milliseconds. */
const lookEveryMs = 1_000
/** Less than that is not worth a correction: clocks that are right differ, and so do measurements. */
const toleratedMs = 2_000

/** @param monotonic milliseconds that no setting of a clock changes */
export const agreedClock = (others: Others, ownClock: () => number, monotonic: () => number): AgreedClock => {
  const started = monotonic()
  let own = ownClock() - started
  let lookedAt = -Infinity
  let correction = 0

  const look = (offset: number, elapsed: number): void => {
    const linked = new Set(others.reachable())
    const measured = others
      .members()
      .flatMap(({ id, skew }) => (skew === undefined || !linked.has(id) ? [] : [skew]))
    own = offset
    lookedAt = elapsed
    const middle = lowerMedian([0, ...measured])
    correction = Math.abs(middle) < toleratedMs ? 0 : middle
  }

  return {
    now: () => {
      const [wall, elapsed] = [ownClock(), monotonic()]
      const offset = wall - elapsed
      if (elapsed - lookedAt >= lookEveryMs || Math.abs(offset - own) > lookEveryMs) look(offset, elapsed)
      return Math.round(wall + correction)
    },
    isSettled: () =>
      monotonic() - started >= aloneMs ||
      others.members().some(({ id, skew }) => skew !== undefined && others.reachable().includes(id)),
  }
}

const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0
