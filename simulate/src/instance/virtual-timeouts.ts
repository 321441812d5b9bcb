import type { VirtualClock } from '@grapevine/simulation'

/**
 * `AbortSignal.timeout` by the virtual clock while the work goes on: handlers of requests bound their waits by it, and it is the one
 * timer of the instance that no port hands in.
 */
export const withVirtualTimeouts = async <T>(clock: VirtualClock, work: () => Promise<T>): Promise<T> => {
  const timeout = AbortSignal.timeout
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    clock.after(ms, () => controller.abort(new DOMException('The time is up', 'TimeoutError')))
    return controller.signal
  }
  try {
    return await work()
  } finally {
    AbortSignal.timeout = timeout
  }
}
