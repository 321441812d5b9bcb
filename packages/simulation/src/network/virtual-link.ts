import { linkTime, type Conditions } from './conditions.ts'
import { between, type Random } from '../random.ts'
import type { VirtualClock } from '../clock/virtual-clock.ts'

/** One direction of a link, as TCP: in order, nothing lost; while nothing gets through everything waits. */
export interface Channel {
  push(arrive: () => void): void
  /** The way was cut or healed, or loses another share than before. */
  rerouted(): void
}

export interface ChannelOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly conditions: () => Conditions
  readonly isOpen: () => boolean
  /** Called when something has been waiting for longer than the link time-out because nothing gets through. */
  readonly timedOut: () => void
}

interface Parcel {
  readonly arrive: () => void
  /** When it arrives if the way is open then; Infinity while that is not known, as those before it wait. */
  readonly due: number
}

export const createChannel = (options: ChannelOptions): Channel => {
  const { clock, random, conditions, isOpen } = options
  /** What has not arrived, in the order in which it was sent and will arrive: nobody overtakes. */
  let parcels: Parcel[] = []
  let blockedSince: number | undefined

  const block = (): void => {
    if (blockedSince !== undefined) return
    const since = clock.now()
    blockedSince = since
    clock.after(conditions().linkTimeout, () => {
      if (blockedSince === since) options.timedOut()
    })
  }

  const arriveAll = (): void => {
    for (let first = parcels[0]; first !== undefined && first.due <= clock.now(); first = parcels[0]) {
      if (!isOpen()) return block()
      parcels.shift()
      first.arrive()
    }
  }

  const enqueue = (arrive: () => void, time: number): void => {
    const wait = Math.max(time, (parcels.at(-1)?.due ?? 0) - clock.now())
    parcels.push({ arrive, due: clock.now() + wait })
    if (wait === Infinity) block()
    else clock.after(wait, arriveAll)
  }

  const transmit = (arrive: () => void, earliest: number): void => {
    const time = linkTime(conditions(), random)
    if (time !== undefined) enqueue(arrive, Math.max(earliest, time))
  }

  return {
    push: (arrive) => (blockedSince === undefined ? transmit(arrive, 0) : enqueue(arrive, Infinity)),
    rerouted: () => {
      if (blockedSince === undefined || !isOpen()) return
      // The next retransmission, whose waits doubled meanwhile, finds the way open.
      const backlog = between(random, 0, Math.min(clock.now() - blockedSince, conditions().linkTimeout))
      const before = parcels
      parcels = []
      blockedSince = undefined
      for (const { arrive, due } of before) {
        const isInFlight = due > clock.now() && due !== Infinity
        if (isInFlight) enqueue(arrive, due - clock.now())
        else transmit(arrive, backlog)
      }
    },
  }
}
