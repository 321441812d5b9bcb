import * as Y from 'yjs'
import { retryHeld } from './load.ts'
import { repairOrigin, storageOrigin } from './origins.ts'
import { repair } from './sync/repair.ts'
import type { Events, Signal } from '../shared/events.ts'
import type { Policy } from './guard/judge.ts'
import type { ReplicaEvents, ReplicaStatus } from './status.ts'
import type { ConversationContext } from './sync/conversation.ts'

export interface OutcomesContext {
  readonly conversation: ConversationContext
  readonly policy: Policy | undefined
  /** Updates of the own disk that wait for what is damaged. */
  readonly held: Uint8Array[]
  readonly events: Events<ReplicaEvents>
  readonly changes: Signal
}

/** What follows from an exchange with a member. */
export interface Outcomes {
  /** What it brought may be what updates of the own disk wait for. */
  completed(member: string): void
  /** The member holds other content under the same ids: repairs it. */
  diverged(member: string): Promise<void>
  last(): ReplicaStatus['lastExchange']
}

export const createOutcomes = (context: OutcomesContext): Outcomes => {
  const { conversation, policy, held, events, changes } = context
  const { doc, clock, log } = conversation
  let last: { readonly member: string; readonly at: number } | undefined
  const insert = (update: Uint8Array): void => Y.applyUpdate(doc, update, repairOrigin)
  return {
    completed: (member) => {
      last = { member, at: clock.now() }
      retryHeld(doc, held, { log, origin: storageOrigin })
      changes.fire()
    },
    diverged: async (member) => {
      log.error({ peer: member }, 'a member holds other content under the same ids')
      events.emit('diverged', { member })
      const repaired = await repair(conversation, member, policy, insert)
      log.warn({ peer: member, ...repaired }, 'entries that the member lacked were inserted anew')
      events.emit('repaired', { member, ...repaired })
    },
    last: () => (last === undefined ? undefined : { member: last.member, ago: clock.now() - last.at }),
  }
}
