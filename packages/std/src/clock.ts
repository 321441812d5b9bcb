/** Time, handed in so that what waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds from any fixed moment; never goes back. */
  now(): number
  /**
   * Runs the task after `ms` milliseconds; with 0, after what is due already, so that the event loop goes round.
   * @returns how to cancel it
   */
  after(ms: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, task) => {
    if (ms > 0) {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    }
    const immediate = setImmediate(task)
    return () => clearImmediate(immediate)
  },
}

/** As setInterval, over any clock. @returns how to end it */
export const every = (clock: Clock, ms: number, task: () => void): (() => void) => {
  let cancel: () => void
  const arm = (): void => {
    cancel = clock.after(ms, () => {
      arm()
      task()
    })
  }
  arm()
  return () => cancel()
}
