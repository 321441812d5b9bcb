import type { SessionLedger } from '@grapevine/auth-middleware'
import type { Policy, Replica } from '@grapevine/replica'
import type * as Y from 'yjs'
import { unavailable } from './unavailable.ts'

const root = 'ended'
const sessionId = /^[A-Za-z0-9_-]{16,64}$/

/** Ended sessions, known on every member: session id → until when it could have lasted, in ms since 1970. */
export const endedSessions = (doc: Y.Doc, replica: Replica): SessionLedger => {
  const ended = doc.getMap<unknown>(root)
  return {
    isEnded: (id) => ended.has(id),
    end: async (id, { validUntil, signal }) => {
      if (ended.has(id)) return
      try {
        await replica.write(() => void ended.set(id, Math.ceil(validUntil)), { signal })
      } catch (error) {
        throw unavailable(error)
      }
    },
  }
}

/** Members may end sessions, and do nothing else to this document: no end is ever taken back. */
export const endedSessionsPolicy: Policy = ({ entries, deletions, others }) => {
  if (deletions.length > 0 || others > 0)
    return { verdict: 'refuse', reason: 'the end of a session is never taken back' }
  const wellFormed = entries.every(
    (entry) => entry.root === root && sessionId.test(entry.key) && Number.isSafeInteger(entry.value),
  )
  return wellFormed ? { verdict: 'accept' } : { verdict: 'refuse', reason: 'not the end of a session' }
}
