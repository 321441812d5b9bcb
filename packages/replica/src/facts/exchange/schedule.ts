import { every, reasonOf, sleep } from '@grapevine/std'
import { RefusedUpdateError, StorageUnavailableError } from '../../errors.ts'
import { exchangeWith, type ExchangeContext, type Outcome } from './exchange.ts'
import { createPauses } from './pauses.ts'
import type { Readiness } from './readiness.ts'

/** When to exchange with whom: at once with a new member, now and then with any, and when something was missed. */
export interface Schedule {
  start(interval: number): void
  /** An exchange with the member, unless one is under way. */
  also(member: string): void
  /** Something was missed: exchanges with somebody soon. */
  soon(): void
  /** Members whose last exchange failed, each with the reason. */
  failures(): readonly Failure[]
}

export interface Failure {
  readonly member: string
  readonly reason: string
}

export interface ScheduleContext extends ExchangeContext {
  readonly random: () => number
  readonly readiness: Readiness
  readonly completed: (member: string, outcome: Outcome) => void
  /** `isNews`: it had not failed, or for another reason. */
  readonly failed: (member: string, error: unknown, isNews: boolean) => void
}

/**
 * A member that is linked may still be at its start, and answers questions a moment later: it has failed nothing. So many tries, with
 * the pauses between them, are four seconds; one that still has no answer keeps no such facts.
 */
const starting = 4

const isUnknownThere = (error: unknown): boolean =>
  error instanceof Error && Reflect.get(error, 'failure') === 'unknown-protocol'

/** Between something missed and the exchange, in milliseconds. */
const [shortestWait, longestWait] = [100, 400]

export const createSchedule = (context: ScheduleContext): Schedule => {
  const { bus, clock, log, random, signal, penalties, readiness } = context
  const underWay = new Map<string, Promise<void>>()
  const failures = new Map<string, string>()
  const pauses = createPauses(clock)

  const once = async (member: string): Promise<void> => {
    try {
      const outcome = await exchangeWith(context, member)
      failures.delete(member)
      pauses.end(member)
      readiness.completed(member)
      context.completed(member, outcome)
    } catch (error) {
      // Who went meanwhile, or is gone itself, has failed nothing.
      if (signal.aborted || !bus.reachable().includes(member)) return
      // That is this node's own disk; it says so itself.
      if (error instanceof StorageUnavailableError) return
      const tries = pauses.begin(member, () => withMember(member))
      if (isUnknownThere(error) && tries <= starting) {
        log.debug(
          { peer: member },
          'a member does not answer questions about these facts yet; it is asked again',
        )
        return
      }
      // Told once, and again when it fails for another reason: it is tried for as long as the member is linked.
      const isNews = failures.get(member) !== reasonOf(error)
      failures.set(member, reasonOf(error))
      if (error instanceof RefusedUpdateError) penalties.add(member)
      readiness.failed(member)
      context.failed(member, error, isNews)
    }
  }
  /** One exchange with a member at a time. */
  const withMember = (member: string): void => {
    if (signal.aborted || underWay.has(member) || !bus.reachable().includes(member)) return
    if (penalties.isCutOff(member)) {
      // Who is not listened to has failed, and is not waited for.
      failures.set(member, 'it is cut off for a while')
      readiness.failed(member)
      return
    }
    if (pauses.isPaused(member)) return
    // It begins after it is entered: the member asks back at once, and must meet one that is under way.
    const exchange = Promise.resolve().then(() => once(member))
    underWay.set(
      member,
      exchange.finally(() => underWay.delete(member)),
    )
  }
  const withAny = (): void => {
    const members = bus.reachable().filter((member) => !penalties.isCutOff(member))
    const member = members[Math.floor(random() * members.length)]
    if (member !== undefined) withMember(member)
  }
  const jitter = (): number => shortestWait + random() * (longestWait - shortestWait)

  /** Both are told of the link; one begins, and the other follows when it is asked. */
  const greet = async (member: string): Promise<void> => {
    if (bus.self.id > member) await sleep(clock, longestWait, signal)
    // One that was under way when the link broke says nothing of this link.
    await underWay.get(member)
    if (bus.reachable().includes(member)) withMember(member)
  }

  let isSoon = false
  return {
    start: (interval) => {
      const unwatch = [
        bus.on('member:linked', ({ member }) => {
          readiness.linked(member.id)
          greet(member.id).catch(() => undefined)
        }),
        bus.on('member:unlinked', ({ member }) => {
          failures.delete(member.id)
          pauses.end(member.id)
          readiness.unlinked()
        }),
        every(clock, interval, withAny),
      ]
      signal.addEventListener('abort', () => {
        for (const end of unwatch) end()
        pauses.close()
      })
      for (const member of bus.reachable()) greet(member).catch(() => undefined)
    },
    also: withMember,
    soon: () => {
      if (isSoon) return
      isSoon = true
      clock.after(jitter(), () => {
        isSoon = false
        withAny()
      })
    },
    failures: () => [...failures].map(([member, reason]) => ({ member, reason })),
  }
}
