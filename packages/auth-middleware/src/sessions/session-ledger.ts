/**
 * Records of ended sessions. A session lives in a signed cookie, so a copy of it stays well signed after the
 * logout; what makes it worthless is this record. An app of several nodes plugs in a replicated one.
 */
export interface SessionLedger {
  /** Whether the session was ended. Synchronous: it is asked on every request. */
  isEnded(sessionId: string): boolean
  /**
   * Resolves when the end is recorded: from then on `isEnded` is true here. The record may be dropped after
   * `validUntil` (milliseconds since the epoch), when the session would be too old in any case.
   * Rejects with an error whose `code` is `UNAVAILABLE`, or with the signal's reason; the session then may
   * still be valid.
   */
  end(sessionId: string, options: { validUntil: number; signal: AbortSignal }): Promise<void>
}

const sweepEveryMs = 60_000

/** A ledger for one process. It forgets with the process: a logged-out cookie works again after a restart. */
export const memoryLedger = ({ now = Date.now }: { now?: () => number } = {}): SessionLedger => {
  const validUntilOf = new Map<string, number>()
  let lastSweep = now()

  const sweep = (): void => {
    if (now() - lastSweep < sweepEveryMs) return
    lastSweep = now()
    for (const [sessionId, validUntil] of validUntilOf) {
      if (validUntil < lastSweep) validUntilOf.delete(sessionId)
    }
  }

  return {
    isEnded: (sessionId) => validUntilOf.has(sessionId),
    async end(sessionId, { validUntil, signal }) {
      signal.throwIfAborted()
      sweep()
      validUntilOf.set(sessionId, validUntil)
    },
  }
}
