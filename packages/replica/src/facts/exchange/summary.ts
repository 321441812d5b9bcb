import { RefusedUpdateError } from '../../errors.ts'
import { bounds } from '../protocol/bounds.ts'
import type { MessageOf } from '../protocol/message.ts'
import type { FactsContext, Half } from './context.ts'
import type { Cursor } from './cursors.ts'

/** What a member says of its set: the roots of its two halves, how much it has taken in, and how far it has read here. */
export interface Summary {
  readonly message: MessageOf<'compare'>
  readonly roots: Readonly<Record<Half, Uint8Array>>
  readonly epoch: string
  readonly positions: Readonly<Record<Half, number>>
  /** How far it has read what the one has taken in that it talks to. */
  readonly cursor: Cursor
}

/** What this node says to a member. */
export const summaryOf = ({ set, epoch, cursors }: FactsContext, member: string): Summary => {
  const cursor = cursors.of(member)
  return readSummary({
    type: 'compare',
    erasures: set.erasures.root(),
    facts: set.facts.root(),
    epoch,
    erasuresPosition: set.erasures.position,
    factsPosition: set.facts.position,
    cursorEpoch: cursor.epoch,
    cursorErasures: cursor.erasures,
    cursorFacts: cursor.facts,
  })
}

/** @throws RefusedUpdateError for an epoch that would be kept, and sent back each time, and is too long for that */
export const readSummary = (message: MessageOf<'compare'>): Summary => {
  if (message.epoch.length > bounds.epoch)
    throw new RefusedUpdateError(
      `an epoch of ${message.epoch.length} characters; allowed: up to ${bounds.epoch}`,
    )
  return {
    message,
    roots: { erasures: message.erasures, facts: message.facts },
    epoch: message.epoch,
    positions: { erasures: message.erasuresPosition, facts: message.factsPosition },
    cursor: { epoch: message.cursorEpoch, erasures: message.cursorErasures, facts: message.cursorFacts },
  }
}
