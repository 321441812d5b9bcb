import { BoundedMap, sleep, type Clock } from '@grapevine/std'
import { limits } from '../../limits.ts'

/** What is being fetched from a member, and when it last delivered some of it. */
export interface Fetching {
  readonly member: string
  heard: number
  done: Promise<void>
}

/**
 * What several members announce is fetched from one of them, and the others wait for it. So that one which announces what
 * all have, and does not deliver, holds nobody up: it is waited for a little, and then for a while not at all.
 */
export interface Patience {
  /** Resolves when it is done, failed, or not worth waiting for. */
  wait(fetching: Fetching): Promise<void>
  isWorth(member: string): boolean
}

/** Milliseconds without any delivery after which it is not waited for. */
const mostSilence = 2_000
/** For how long then nobody waits for that member. */
const pause = 60_000
const step = 100

export const createPatience = (clock: Clock, signal: AbortSignal): Patience => {
  const vainUntil = new BoundedMap<string, number>(limits.records)
  const isVain = ({ heard }: Fetching, until: number): boolean =>
    clock.now() >= until || clock.now() - heard >= mostSilence

  return {
    wait: async (fetching) => {
      const until = clock.now() + limits.requestTimeout
      // However it ends: what it did not bring is fetched anew.
      const ended = fetching.done.then(
        () => 'ended' as const,
        () => 'ended' as const,
      )
      while ((await Promise.race([ended, sleep(clock, step, signal)])) !== 'ended') {
        if (!isVain(fetching, until)) continue
        vainUntil.set(fetching.member, clock.now() + pause)
        return
      }
    },
    isWorth: (member) => (vainUntil.get(member) ?? -Infinity) <= clock.now(),
  }
}
