/** Time as the replica needs it, so that tests can hand in their own. */
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

/** Resolves after `ms` milliseconds; with 0, when the event loop came round. */
export const pause = (clock: Clock, ms = 0): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve))

export interface Deadline {
  readonly signal: AbortSignal
  giveUp(reason: unknown): void
  /** Frees the timer. */
  end(): void
}

/** A signal that aborts after `ms` milliseconds, or when it is given up before. */
export const deadline = (clock: Clock, ms: number): Deadline => {
  const controller = new AbortController()
  const giveUp = (reason: unknown): void => controller.abort(reason)
  const end = clock.after(ms, () => giveUp(new Error(`no answer within ${ms} ms`)))
  return { signal: controller.signal, giveUp, end }
}

/** Tells of an abort, also of one that was before. Cheaper than `AbortSignal.any`. @returns how to stop listening */
export const onAbort = (signal: AbortSignal, listener: (reason: unknown) => void): (() => void) => {
  const aborted = (): void => listener(signal.reason)
  if (signal.aborted) aborted()
  signal.addEventListener('abort', aborted, { once: true })
  return () => signal.removeEventListener('abort', aborted)
}

/** A turn of the event loop in which work is done. */
interface Turn {
  readonly since: number
}

/** The present turn, for each clock: all replicas of a process share it. */
const turns = new WeakMap<Clock, Turn>()

const endTurn = (clock: Clock, turn: Turn | undefined): void => {
  if (turns.get(clock) === turn) turns.delete(clock)
}

/**
 * @returns whether the event loop has waited for longer than `limit` milliseconds, since anybody first asked in its
 * present turn. What comes now and then, between which the loop goes round by itself, never has to wait.
 */
export const turnWatch = (clock: Clock, limit: number): (() => boolean) => {
  return () => {
    const present = turns.get(clock)
    if (present !== undefined) return clock.now() - present.since >= limit
    const turn: Turn = { since: clock.now() }
    turns.set(clock, turn)
    clock.after(0, () => endTurn(clock, turn))
    return false
  }
}

/** Waits for a turn of the event loop in which nobody has worked for longer than `limit` milliseconds yet. */
export const breather = (clock: Clock, limit: number): (() => Promise<void>) => {
  const isOver = turnWatch(clock, limit)
  return async () => {
    // Many may wait for the same turn: the first ones use it up.
    while (isOver()) {
      const turn = turns.get(clock)
      await pause(clock)
      // The loop came round, whether or not the clock has run what was to tell so.
      endTurn(clock, turn)
    }
  }
}
