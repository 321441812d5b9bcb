import type { Clock } from './clock.ts'

/** Tells of an abort, also of one that was before. Cheaper than `AbortSignal.any`. @returns how to stop listening */
export const onAbort = (signal: AbortSignal, listener: (reason: unknown) => void): (() => void) => {
  const aborted = (): void => listener(signal.reason)
  if (signal.aborted) aborted()
  else signal.addEventListener('abort', aborted, { once: true })
  return () => signal.removeEventListener('abort', aborted)
}

/**
 * Waits for the work, no longer than until the signal aborts; then it rejects with the signal's reason, as it is. The work
 * itself goes on, and may fail unheard.
 */
export const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  let ignore: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    ignore = onAbort(signal, reject)
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    ignore()
  }
}

/** Resolves after `ms` milliseconds; with 0, when the event loop came round. Rejects with the signal's reason when it aborts. */
export const sleep = (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    let ignore: () => void = () => undefined
    const cancel = clock.after(ms, () => {
      ignore()
      resolve()
    })
    if (signal === undefined) return
    ignore = onAbort(signal, (reason) => {
      cancel()
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason is the caller's, as it is
      reject(reason)
    })
  })

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
