/** A user as this node knows them now. A new object is made for each change; one that you hold never changes. */
export interface User {
  /** 22 characters of base64url, for the life of the account. */
  readonly id: string
  /** As typed. */
  readonly username: string
  /** PHC string of argon2id. Keep it out of logs and pages. */
  readonly passwordHash: string
  /** Ms since 1970, by the clock of the node that registered. */
  readonly registeredAt: number
  /**
   * Ms since 1970; a session issued at or before this is dead. 0 if nothing ever ended this user's sessions.
   * Raised by ending sessions, changing the password, disabling and enabling. It may be ahead of the own wall
   * clock by as much as the clocks of the cluster differ: issue at `Math.max(now, sessionsValidAfter + 1)`.
   */
  readonly sessionsValidAfter: number
  /**
   * Names the set of everything that ever ended this user's sessions, at most 22 characters; it never returns
   * to an earlier value. Keep it in the session when issuing, and refuse the session once it differs: that ends
   * also the sessions opened *concurrently*, on the other side of a split, which no clock can tell.
   */
  readonly sessionEpoch: string
  readonly disabled: boolean
  readonly claim: Claim
}

/**
 * Whether the account has its name for itself. Of a contested name the earliest claim (by stamp, then id) is
 * the `owner`; every other account is a `loser`, keeps existing, and needs a new name.
 */
export type Claim = 'sole' | 'owner' | 'loser'
