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
   * Names everything that ever ended this user's sessions, in at most 22 characters. Keep it in the session when issuing, and
   * refuse the session once it differs: that ends also the sessions opened *concurrently*, on the other side of a split,
   * and asks no clock. No epoch comes back once something has ended its sessions.
   */
  readonly sessionEpoch: string
  readonly disabled: boolean
  /** What the account may do beside what everybody may, such as `operator`; left out where that is nothing. */
  readonly roles?: readonly string[]
  readonly claim: Claim
}

/**
 * Whether the account has its name for itself. Of a contested name the earliest claim (by stamp, then hash) is
 * the `owner`; every other account is a `loser`, keeps existing, and needs a new name.
 */
export type Claim = 'sole' | 'owner' | 'loser'
