import type { Events, Signal } from '../shared/events.ts'
import type { FactsContext } from './exchange/context.ts'
import type { FactsEvents } from './status.ts'

export interface RefusalsContext extends Pick<FactsContext, 'traffic' | 'penalties' | 'log'> {
  readonly events: Events<FactsEvents>
  readonly changes: Signal
}

/** Counts what did not pass the gate, against the member that sent it where the bus tells who that was. */
export const createRefusals =
  ({ traffic, penalties, log, events, changes }: RefusalsContext) =>
  (member: string | undefined, reason: string): void => {
    traffic.refused += 1
    if (member !== undefined) penalties.add(member)
    // A flood of it is not worth a line each: it is counted, and who is cut off was named.
    const isQuiet = member === undefined || penalties.isCutOff(member)
    log[isQuiet ? 'debug' : 'warn']({ peer: member, reason }, 'what a member sent did not pass the gate')
    events.emit('refused', { member, reason })
    changes.fire()
  }
