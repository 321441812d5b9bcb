/**
 * Granting a name once, in a cluster that is not split. A sign-up (or a renaming) is a claim: it is refused at once if a
 * live claim of the name is held; else it is written, marked as unanswered on this node, and sent to every member in view. A
 * member stores it and then confirms, naming all other live claims that it holds *by then*, and which of those it has itself
 * answered "ok". When all have confirmed, this node decides. Which messages come when does not matter: `round.test.ts` goes
 * through every order for two and three nodes.
 *
 * What is here decides and does nothing: who sends, stores, and waits with a bound calls it, `name-grants.ts`.
 */
import type { Stamp } from '../clock/stamp.ts'

/** A claim, by the key of the fact that made it. */
export interface RankedClaim {
  readonly key: string
  readonly at: Stamp
}

/** What a member says once it has stored a claim. */
export interface Confirmation {
  /** All other live claims of the name that it holds by then. */
  readonly rivals: readonly RankedClaim[]
  /** The keys of those that it has itself answered "ok". */
  readonly granted: readonly string[]
}

/** A claim that is not answered yet. */
export interface Round {
  readonly claim: RankedClaim
  /** Members that have not confirmed. */
  readonly waiting: readonly string[]
  readonly rivals: readonly RankedClaim[]
  readonly granted: readonly string[]
}

export type Decision =
  | 'wait'
  /** The name is theirs. */
  | 'ok'
  /** Somebody else has the name, or comes first: withdraw the claim, and say that it is taken. */
  | 'taken'
  /** A member neither confirmed nor went in time: withdraw the claim, and say to try again. */
  | 'unconfirmed'

/** @param members all in view but this node */
export const openRound = (claim: RankedClaim, members: readonly string[]): Round => ({
  claim,
  waiting: members,
  rivals: [],
  granted: [],
})

export const confirmed = (round: Round, member: string, { rivals, granted }: Confirmation): Round => ({
  ...without(round, member),
  rivals: [...round.rivals, ...rivals],
  granted: [...round.granted, ...granted],
})

/** A member that is suspected or down is not waited for: no sign-up fails for a split. */
export const without = (round: Round, member: string): Round => ({
  ...round,
  waiting: round.waiting.filter((each) => each !== member),
})

/**
 * @param held the other live claims of the name that this node holds now
 * @param isOver whether the time to wait has passed
 */
export const decide = (
  { claim, waiting, rivals, granted }: Round,
  held: readonly RankedClaim[],
  isOver = false,
): Decision => {
  if (waiting.length > 0) return isOver ? 'unconfirmed' : 'wait'
  const isLost =
    granted.some((key) => key !== claim.key) ||
    [...rivals, ...held].some((rival) => rival.key !== claim.key && isEarlierClaim(rival, claim))
  return isLost ? 'taken' : 'ok'
}

/** By stamp, then by the hash that ends the key. */
export const isEarlierClaim = (a: RankedClaim, b: RankedClaim): boolean =>
  a.at === b.at ? hashIn(a.key) < hashIn(b.key) : a.at < b.at

const hashIn = (key: string): string => key.slice(key.indexOf('/') + 2)
