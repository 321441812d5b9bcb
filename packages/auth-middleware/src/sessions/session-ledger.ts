/**
 * Records of ended sessions. A session lives in a signed cookie, so a copy of it stays well signed after the
 * logout; what makes it worthless is this record. An app of several nodes plugs in a replicated one.
 */
export interface SessionLedger {
  /** Whether the session was ended. Synchronous: it is asked on every request. */
  isEnded(sessionId: string): boolean
  /**
   * Resolves when the end is recorded: from then on `isEnded` is true here. By a right clock the session is too old in any
   * case after `validUntil`; before the record is dropped the floor must be above `issuedAt`.
   * Rejects with an error whose `code` is `UNAVAILABLE`, or with the signal's reason; the session then may
   * still be valid.
   */
  end(sessionId: string, options: EndOptions): Promise<void>
  /**
   * Sessions that were issued before are refused, and none is issued before: the records of their ends may be gone. Milliseconds
   * since 1970; asked on every request; never goes down, not even by a restart. With it a clock that lies fails closed:
   * if it made the ledger drop records too early, people log in again, and no log-out is undone. @default 0
   */
  floor?(): number
  /**
   * Names the set of all that ever ended every session at once, 1 to 64 characters of printable ASCII: sessions of another epoch are
   * over. It changes, never to an earlier value, when records of ends may be gone in a way that no floor tells, as after the data
   * of an earlier time was put back. Asked on every request. @default undefined: nothing ever did
   */
  epoch?(): string | undefined
}

export interface EndOptions {
  /** Whose session it is, where that is known. */
  readonly userId?: string | undefined
  /** What the session's cookie says: milliseconds since 1970, by the clock of the node that issued it. */
  readonly issuedAt: number
  /** `issuedAt` and the absolute life of a session. */
  readonly validUntil: number
  readonly signal: AbortSignal
}

const sweepEveryMs = 60_000

/** A ledger for one process. It forgets with the process: a logged-out cookie works again after a restart. */
export const memoryLedger = ({ now = Date.now }: { now?: () => number } = {}): Required<SessionLedger> => {
  const ends = new Map<string, Omit<EndOptions, 'signal'>>()
  let lastSweep = now()
  let floor = 0

  const sweep = (): void => {
    const time = now()
    if (Math.abs(time - lastSweep) < sweepEveryMs) return
    lastSweep = time
    for (const [sessionId, { issuedAt, validUntil }] of ends) {
      if (validUntil >= time) continue
      ends.delete(sessionId)
      floor = Math.max(floor, issuedAt + 1)
    }
  }

  return {
    isEnded: (sessionId) => ends.has(sessionId),
    floor: () => floor,
    epoch: () => undefined,
    async end(sessionId, { issuedAt, validUntil, signal }) {
      signal.throwIfAborted()
      sweep()
      ends.set(sessionId, { issuedAt, validUntil })
    },
  }
}
