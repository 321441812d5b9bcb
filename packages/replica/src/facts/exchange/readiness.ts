import type { Bus } from '../../bus.ts'
import type { Clock } from '@grapevine/std'

/**
 * Ready is who has completed an exchange with each member that it can reach. One whose exchange failed is named, and not
 * waited for; where nobody is reached within the window, or not all come to an end within the bound, the wait is over as
 * well. Once ready, nothing that others send takes it back.
 */
export interface Readiness {
  readonly done: Promise<void>
  readonly isReady: boolean
  completed(member: string): void
  failed(member: string): void
  /** A member was linked anew: what it failed before counts no more. */
  linked(member: string): void
  /** A member went: it is not waited for. */
  unlinked(): void
  close(): void
}

export interface ReadinessContext {
  readonly bus: Pick<Bus, 'reachable'>
  readonly clock: Clock
  /** How long to wait for a first member, in milliseconds. */
  readonly window: number
  /** How long to wait in all, in milliseconds. */
  readonly bound: number
  /** The wait in all was too long, because of these members. */
  readonly late: (members: readonly string[]) => void
}

export const createReadiness = ({ bus, clock, window, bound, late }: ReadinessContext): Readiness => {
  const outcomes = new Map<string, 'completed' | 'failed'>()
  let [isReady, isWindowOver] = [false, false]
  let resolve: () => void = () => undefined
  const done = new Promise<void>((settle) => {
    resolve = settle
  })
  const end = (): void => {
    isReady = true
    // Nobody asks any more, however many members come and go from now on.
    outcomes.clear()
    resolve()
  }
  const ended = (member: string, outcome: 'completed' | 'failed'): void => {
    if (isReady) return
    outcomes.set(member, outcome)
    check()
  }
  const check = (): void => {
    const members = bus.reachable()
    const hasMet = members.some((member) => outcomes.get(member) === 'completed')
    if ((hasMet || isWindowOver) && members.every((member) => outcomes.has(member))) end()
  }
  const timers = [
    clock.after(window, () => {
      isWindowOver = true
      if (!isReady) check()
    }),
    clock.after(bound, () => {
      if (!isReady) late(bus.reachable().filter((member) => !outcomes.has(member)))
      end()
    }),
  ]
  return {
    done,
    get isReady() {
      return isReady
    },
    completed: (member) => ended(member, 'completed'),
    failed: (member) => ended(member, outcomes.get(member) ?? 'failed'),
    linked: (member) => void outcomes.delete(member),
    unlinked: () => {
      if (!isReady) check()
    },
    close: () => {
      for (const cancel of timers) cancel()
      resolve()
    },
  }
}
