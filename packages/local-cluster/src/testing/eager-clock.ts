import type { Clock } from '@grapevine/std'

/** Time that passes only by being waited for, and then at once. */
export interface EagerClock extends Clock {
  /** What was waited for to its end, in milliseconds. */
  readonly slept: readonly number[]
}

/** @param spend - what happens while it waits; whoever else is due comes first */
export const eagerClock = (spend: () => Promise<void> = severalTurns): EagerClock => {
  const slept: number[] = []
  let now = 0
  return {
    slept,
    now: () => now,
    after: (ms, task) => {
      let isCancelled = false
      const pass = async (): Promise<void> => {
        await spend()
        if (isCancelled) return
        slept.push(ms)
        now += ms
        task()
      }
      void pass()
      return () => {
        isCancelled = true
      }
    },
  }
}

const severalTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}
