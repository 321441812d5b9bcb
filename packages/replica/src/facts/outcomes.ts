import { reasonOf, type Clock, type Log } from '@grapevine/std'
import { limits } from '../limits.ts'
import { createPeerComparisons } from '../shared/peer-comparisons.ts'
import { createLag } from './lag.ts'
import type { Events, Signal } from '../shared/events.ts'
import type { Outcome } from './exchange/exchange.ts'
import type { FactsEvents, FactsStatus } from './status.ts'

/** How each member compares with this one, as far as exchanges and confirmations tell. */
export interface Outcomes {
  /** An exchange came to its end. */
  completed(member: string, outcome: Outcome): void
  /** An exchange failed. `isNews`: the one before had not, or for another reason. */
  failed(member: string, error: unknown, isNews: boolean): void
  /** The member asked, and holds the same; or it does not. */
  compared(member: string, isEqual: boolean): void
  /** The member did not confirm a write in time. */
  unconfirmed(member: string): void
  status(): Pick<FactsStatus, 'inSync' | 'diverged' | 'behind' | 'lastExchange'>
}

export interface OutcomesContext {
  readonly clock: Clock
  readonly log: Log
  readonly events: Events<FactsEvents>
  readonly changes: Signal
}

const failedMessage = 'an exchange with a member failed; what it holds may be lacking here'
const divergedMessage = 'a member says that it holds something else, and has nothing that is lacking here'

export const createOutcomes = ({ clock, log, events, changes }: OutcomesContext): Outcomes => {
  const peers = createPeerComparisons(changes.fire)
  const lag = createLag(clock)
  let last: { readonly member: string; readonly at: number } | undefined

  const diverged = (member: string): void => {
    if (peers.all('diverged').includes(member)) return
    peers.set(member, 'diverged')
    log.error({ peer: member }, divergedMessage)
    events.emit('diverged', { member })
  }
  const compared: Outcomes['compared'] = (member, isEqual) => {
    if (!isEqual) return peers.differs(member)
    peers.set(member, 'inSync')
    lag.caughtUp(member)
  }
  return {
    completed: (member, outcome) => {
      last = { member, at: clock.now() }
      if (outcome.kind === 'equal') compared(member, true)
      else if (outcome.isExplained || peers.differed(member) < limits.patience) peers.differs(member)
      else diverged(member)
      changes.fire()
    },
    failed: (member, error, isNews) => {
      const reason = reasonOf(error)
      log[isNews ? 'warn' : 'debug']({ peer: member, reason }, failedMessage)
      events.emit('failed', { member, reason })
      changes.fire()
    },
    compared,
    unconfirmed: (member) => {
      lag.missed(member)
      log.warn({ peer: member }, 'a member did not confirm a write in time; an exchange will bring it')
    },
    status: () => ({
      inSync: peers.all('inSync'),
      diverged: peers.all('diverged'),
      behind: lag.all(),
      lastExchange: last === undefined ? undefined : { member: last.member, ago: clock.now() - last.at },
    }),
  }
}
