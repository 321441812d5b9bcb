import { breather } from '../shared/event-loop.ts'
import { limits } from '../limits.ts'
import type { FactSet } from '@grapevine/facts'
import type { Clock } from '@grapevine/std'
import type { Signal } from '../shared/events.ts'

export interface FreshDigestContext {
  readonly set: FactSet
  readonly clock: Clock
  readonly changes: Signal
}

/** Nodes of a tree that are hashed in one go: a millisecond or two of work. */
const portion = 64

/** Milliseconds: what comes together is hashed together. */
const gathered = 10

/**
 * Works the digest out bit by bit after what changed it. Whoever asks for it, a member that compares or a status that is
 * told, would else hold the event loop for all that has come since.
 *
 * @returns how to stop
 */
export const keepDigestFresh = ({ set, clock, changes }: FreshDigestContext): (() => void) => {
  const breathe = breather(clock, limits.turn)
  let [isUnderWay, isOver] = [false, false]
  let cancel = (): void => undefined

  const isDone = (): boolean => isOver || set.prepareDigest(portion)
  const hashAll = async (): Promise<void> => {
    while (!isDone()) await breathe()
    isUnderWay = false
  }
  const stop = changes.on(() => {
    if (isUnderWay) return
    isUnderWay = true
    cancel = clock.after(gathered, () => void hashAll())
  })
  return () => {
    isOver = true
    stop()
    cancel()
  }
}
