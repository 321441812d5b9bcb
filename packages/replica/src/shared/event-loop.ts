import { sleep, type Clock } from '@grapevine/std'

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
      await sleep(clock, 0)
      // The loop came round, whether or not the clock has run what was to tell so.
      endTurn(clock, turn)
    }
  }
}
