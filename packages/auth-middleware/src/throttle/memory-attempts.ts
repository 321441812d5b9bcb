import { attemptsConfig, type AttemptOptions } from '../config.ts'
import { attemptBook, subjectId } from './attempt-book.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'

/** Attempts of one process, for an app of one node; it forgets with the process. */
export const memoryAttempts = (options: AttemptOptions = {}): AttemptLimiter => {
  const { now, ...limits } = attemptsConfig(options)
  const self = 'this process'
  const book = attemptBook({ limits, self, members: () => [self], now })
  return {
    async take(kind, subject, { signal }) {
      signal.throwIfAborted()
      const key = { kind, id: subjectId(kind, subject), window: book.window() }
      if (!book.take(key)) return { kind: 'spent', retryAfterSeconds: book.retryAfterSeconds() }
      return { kind: 'granted', giveBack: () => book.giveBack(key) }
    },
  }
}
