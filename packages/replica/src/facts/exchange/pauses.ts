import type { Clock } from '@grapevine/std'

/**
 * Between an exchange that failed and the next with the same member: longer each time, however often the member asks for
 * one. When a pause is over the next exchange begins by itself.
 */
export interface Pauses {
  /** @returns how many began since one was completed */
  begin(member: string, next: () => void): number
  isPaused(member: string): boolean
  /** An exchange was completed, or the member went. */
  end(member: string): void
  close(): void
}

interface Pause {
  readonly times: number
  isOver: boolean
  cancel: () => void
}

/** Milliseconds. */
const [shortest, longest] = [250, 30_000]

export const createPauses = (clock: Clock): Pauses => {
  const pauses = new Map<string, Pause>()
  const end = (member: string): void => {
    pauses.get(member)?.cancel()
    pauses.delete(member)
  }
  return {
    begin: (member, next) => {
      const times = (pauses.get(member)?.times ?? 0) + 1
      end(member)
      const pause = Math.min(longest, shortest * 2 ** (times - 1))
      const begun: Pause = { times, isOver: false, cancel: () => undefined }
      // Its timer alone says that it is over: one that goes off a little early by the clock must not find it still there.
      begun.cancel = clock.after(pause, () => {
        begun.isOver = true
        next()
      })
      pauses.set(member, begun)
      return times
    },
    isPaused: (member) => pauses.get(member)?.isOver === false,
    end,
    close: () => {
      for (const { cancel } of pauses.values()) cancel()
      pauses.clear()
    },
  }
}
