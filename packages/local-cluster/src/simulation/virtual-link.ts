import { linkTime, type Conditions } from './conditions.ts'
import { between, type Random } from './random.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** One direction of a link, as TCP: in order, nothing lost; while the way is cut everything waits. */
export interface Lane {
  push(arrive: () => void): void
  /** The way was cut or healed. */
  rerouted(): void
}

export interface LaneOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly conditions: () => Conditions
  readonly isOpen: () => boolean
  /** Called when the lane has been cut, with something waiting in it, for longer than the link time-out. */
  readonly timedOut: () => void
}

export const createLane = (options: LaneOptions): Lane => {
  const { clock, random, conditions, isOpen } = options
  let waiting: (() => void)[] = []
  let stuckSince: number | undefined
  let lastArrival = 0

  const deliver = (arrive: () => void, earliest: number): void => {
    const time = linkTime(conditions(), random)
    if (time === undefined) return
    lastArrival = Math.max(lastArrival, clock.now() + Math.max(earliest, time))
    clock.after(lastArrival - clock.now(), () => (isOpen() ? arrive() : hold(arrive)))
  }

  const hold = (arrive: () => void): void => {
    waiting.push(arrive)
    if (stuckSince !== undefined) return
    const since = clock.now()
    stuckSince = since
    clock.after(conditions().linkTimeout, () => {
      if (stuckSince === since) options.timedOut()
    })
  }

  return {
    push: (arrive) => (stuckSince === undefined ? deliver(arrive, 0) : hold(arrive)),
    rerouted: () => {
      if (stuckSince === undefined || !isOpen()) return
      // The next retransmission, whose waits doubled during the cut, finds the way open.
      const backlog = between(random, 0, Math.min(clock.now() - stuckSince, conditions().linkTimeout))
      const held = waiting
      waiting = []
      stuckSince = undefined
      for (const arrive of held) deliver(arrive, backlog)
    },
  }
}
