import { sleep, systemClock, wholeNumber, type Clock } from '@grapevine/std'
import { NotEventuallyError } from '../errors.ts'

export interface EventuallyOptions {
  /** How long the assertion may go on failing, in milliseconds, 1 to 3_600_000. */
  within: number
  /** Pause between two tries, in milliseconds, 1 to 60_000. @default 50 */
  every?: number
  /** When it is aborted, `eventually` rejects with its reason. @default none */
  signal?: AbortSignal
  /** Time, for tests of tests. @default the system's */
  clock?: Clock
}

/** A try that has neither passed nor failed when the time is over. */
const pending = Symbol('pending')

/**
 * Tries `assertion` until it does not throw (or reject), and returns what it returned. It is tried at least once. A try
 * that hangs is not waited for longer than `within` allows.
 *
 * @throws NotEventuallyError with the last failure as its cause, how long it took, and how many tries were made.
 */
export const eventually = async <T>(
  assertion: () => T | Promise<T>,
  options: EventuallyOptions,
): Promise<T> => {
  const within = wholeNumber(1, 3_600_000)('within', options.within)
  const every = wholeNumber(1, 60_000)('every', options.every ?? 50)
  const { signal, clock = systemClock } = options
  const started = clock.now()
  const left = (): number => started + within - clock.now()
  let last: unknown = new Error('the first try has not finished')
  let tries = 0

  do {
    signal?.throwIfAborted()
    tries++
    try {
      const result = await orPending(assertion, left(), clock, signal)
      if (result !== pending) return result
    } catch (failure) {
      signal?.throwIfAborted()
      last = failure
    }
    await sleep(clock, Math.max(Math.min(every, left()), 0), signal)
  } while (left() > 0)
  throw new NotEventuallyError(tries, clock.now() - started, last)
}

const orPending = async <T>(
  assertion: () => T | Promise<T>,
  ms: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T | typeof pending> => {
  const over = new AbortController()
  const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
  const timeOut = sleep(clock, ms, stop).then(
    (): typeof pending => pending,
    (reason: unknown): typeof pending => {
      if (over.signal.aborted) return pending
      throw reason
    },
  )
  try {
    return await Promise.race([assertion(), timeOut])
  } finally {
    over.abort()
  }
}
