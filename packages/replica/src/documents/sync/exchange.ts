import { every, reasonOf, sleep } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { BusyError, converse, type ConversationContext } from './conversation.ts'
import { sameVector } from '../digest/content-digest.ts'
import type { PeerPenalties } from '../../shared/peer-penalty.ts'
import type { PeerComparisons } from '../../shared/peer-comparisons.ts'

/**
 * Anti-entropy (Demers et al. 1987): two members compare digests and, where they differ, each sends what the
 * other's state vector lacks, in slices. It repairs whatever gossip lost, however long the split.
 */
export interface Exchange {
  /** Begins to compare regularly; resolves after the first full exchange, or when nobody was there for it. */
  start(interval: number, discoveryWindow: number): Promise<void>
  /** An exchange begun after this call; if one of the two is busy, a few more tries. @returns whether it completed */
  anewWith(member: string): Promise<boolean>
  /** An exchange beside the one that the member leads, unless one is under way. */
  alsoWith(member: string): void
  /** Something was missed: compares with somebody soon. */
  soon(): void
}

type Outcome = 'completed' | 'busy' | 'failed'

export interface ExchangeContext extends ConversationContext {
  readonly random: () => number
  readonly penalties: PeerPenalties
  readonly peers: PeerComparisons
  /** An exchange completed. */
  readonly completed: (member: string) => void
  /** This member holds other content under the same ids. */
  readonly diverged: (member: string) => Promise<void>
}

/** Between a refusal because of other work, or something missed, and the next try, in milliseconds. */
const [shortestWait, longestWait] = [100, 400]
/** How often who needs an exchange asks again while one of the two is busy. */
const mostTries = 20

export const createExchange = (context: ExchangeContext): Exchange => {
  const { bus, clock, random, signal, penalties, peers, log } = context
  const underWay = new Map<string, Promise<Outcome>>()
  const first = firstOne(context)

  const once = async (member: string): Promise<Outcome> => {
    try {
      const outcome = await converse(context, member)
      await settle(context, member, outcome)
      first.completed()
      return 'completed'
    } catch (error) {
      const isBusy = error instanceof BusyError
      if (isBusy) later(member, jitter())
      else first.failed(member)
      peers.differs(member)
      if (!signal.aborted)
        log.debug({ peer: member, reason: reasonOf(error) }, 'an exchange did not complete')
      return isBusy ? 'busy' : 'failed'
    }
  }

  /** One exchange with a member at a time: who asks meanwhile shares its outcome. */
  const withMember = (member: string): Promise<Outcome> => {
    const running = underWay.get(member)
    if (running !== undefined) return running
    const exchange = once(member).finally(() => underWay.delete(member))
    underWay.set(member, exchange)
    return exchange
  }

  const jitter = (): number => shortestWait + random() * (longestWait - shortestWait)
  const later = (member: string, ms: number): void => {
    clock.after(ms, () => {
      if (!signal.aborted && bus.reachable().includes(member)) void withMember(member)
    })
  }

  /** Both are told of the link; that both begin at once is prevented, so that nothing travels twice. */
  const greet = (member: string): void => {
    if (bus.self.id < member) void withMember(member)
    else later(member, longestWait)
  }

  const withAny = (): void => {
    const members = bus.reachable().filter((member) => !penalties.isCutOff(member))
    const member = members[Math.floor(random() * members.length)]
    if (member !== undefined) void withMember(member)
  }

  let isSoon = false
  return {
    start: async (interval, discoveryWindow) => {
      const unwatch = [
        bus.on('member:linked', ({ member }) => greet(member.id)),
        bus.on('member:unlinked', ({ member }) => peers.set(member.id, 'unknown')),
        every(clock, interval, withAny),
        clock.after(discoveryWindow, () => {
          first.windowOver()
          withAny()
        }),
      ]
      signal.addEventListener('abort', () => {
        for (const end of unwatch) end()
        first.completed()
      })
      for (const member of bus.reachable()) greet(member)
      await first.done
    },
    anewWith: async (member) => {
      await underWay.get(member)
      for (let tries = 0; tries < mostTries && !signal.aborted; tries += 1) {
        const outcome = await withMember(member)
        if (outcome !== 'busy') return outcome === 'completed'
        await sleep(clock, jitter())
      }
      return false
    },
    alsoWith: (member) => {
      if (!signal.aborted && !penalties.isCutOff(member)) void withMember(member)
    },
    soon: () => {
      if (isSoon) return
      isSoon = true
      clock.after(jitter(), () => {
        isSoon = false
        if (!signal.aborted) withAny()
      })
    },
  }
}

/** Remembers how the two compare, and calls for a repair when they differ again and again for no other reason. */
const settle = async (
  context: ExchangeContext,
  member: string,
  outcome: { readonly theirs: string } | 'equal',
): Promise<void> => {
  const { peers, digest } = context
  context.completed(member)
  if (outcome === 'equal') return peers.set(member, 'inSync')
  const isSameVector = sameVector(outcome.theirs, digest.value())
  if (!isSameVector || peers.differed(member) < limits.patience) return peers.differs(member)
  peers.set(member, 'diverged')
  await context.diverged(member)
}

/** Ready is who exchanged with a member, or when the window is over and no member could be exchanged with. */
const firstOne = ({
  bus,
}: ExchangeContext): {
  readonly done: Promise<void>
  completed(): void
  failed(member: string): void
  windowOver(): void
} => {
  const failures = new Set<string>()
  let isWindowOver = false
  let completed: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    completed = resolve
  })
  const check = (): void => {
    if (isWindowOver && bus.reachable().every((member) => failures.has(member))) completed()
  }
  return {
    done,
    completed: () => completed(),
    failed: (member) => {
      failures.add(member)
      check()
    },
    windowOver: () => {
      isWindowOver = true
      check()
    },
  }
}
