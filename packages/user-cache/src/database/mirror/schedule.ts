import { onAbort, type Clock } from '@grapevine/std'

/** When there is something to do. */
export interface Schedule {
  /** Something is to be done now. */
  wake(): void
  checkIn(ms: number): void
  isCheckDue(): boolean
  /** Something is to be looked at by then. */
  lookIn(ms: number): void
  /** Resolves when there is something to do, or the signal aborts. */
  next(signal: AbortSignal): Promise<void>
}

export const createSchedule = (clock: Clock): Schedule => {
  let checkAt = clock.now()
  let lookAt = Number.POSITIVE_INFINITY
  let isAwake = false
  let rouse: () => void = () => undefined
  const wake = (): void => {
    isAwake = true
    rouse()
  }
  return {
    wake,
    checkIn: (ms) => void (checkAt = clock.now() + ms),
    isCheckDue: () => clock.now() >= checkAt,
    lookIn: (ms) => {
      lookAt = Math.min(lookAt, clock.now() + ms)
      // Whoever waits for something later is to wait anew.
      rouse()
    },
    next: async (signal) => {
      const until = Math.min(checkAt, lookAt) - clock.now()
      if (!isAwake && until > 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(until, resolve)
          const ignore = onAbort(signal, () => rouse())
          rouse = () => {
            cancel()
            ignore()
            resolve()
          }
        })
      }
      rouse = () => undefined
      isAwake = false
      if (clock.now() >= lookAt) lookAt = Number.POSITIVE_INFINITY
    },
  }
}
