import { setTimeout as delay } from 'node:timers/promises'

/** Time, handed in so that what waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds from some fixed moment; never goes back. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
}
