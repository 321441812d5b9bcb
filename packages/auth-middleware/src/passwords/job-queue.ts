import { OverloadedError } from '../errors.ts'

export interface JobQueue {
  /**
   * Runs the job when its turn comes. Rejects with `OverloadedError` when the queue is full, and with the
   * signal's reason when it aborts while waiting; a job that has begun runs to its end.
   */
  run<T>(job: () => Promise<T>, options: { signal: AbortSignal }): Promise<T>
}

export interface JobQueueOptions {
  /** Jobs that run at once. */
  readonly concurrency: number
  /** Jobs that may wait, first in first out; 0 means that nothing waits. */
  readonly limit: number
  /** Seconds that an `OverloadedError` asks to wait. */
  readonly retryAfterSeconds: number
}

/** A bounded queue: under a flood it answers "no" at once instead of growing. */
export const jobQueue = ({ concurrency, limit, retryAfterSeconds }: JobQueueOptions): JobQueue => {
  const waiting = new Set<() => void>()
  let running = 0

  const run = async <T>(job: () => Promise<T>, { signal }: { signal: AbortSignal }): Promise<T> => {
    signal.throwIfAborted()
    await enter(signal)
    try {
      return await job()
    } finally {
      leave()
    }
  }

  const enter = async (signal: AbortSignal): Promise<void> => {
    if (running < concurrency) {
      running += 1
      return
    }
    if (waiting.size >= limit) throw new OverloadedError(waiting.size, retryAfterSeconds)
    await turn(signal)
  }

  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        waiting.delete(begin)
        reject(signal.reason)
      }
      waiting.add(begin)
      signal.addEventListener('abort', giveUp, { once: true })
    })

  /** Hands the place on to who waits longest, so that nobody can slip in between. */
  const leave = (): void => {
    const [next] = waiting
    if (next === undefined) {
      running -= 1
      return
    }
    waiting.delete(next)
    next()
  }

  return { run }
}
