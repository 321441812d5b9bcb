import { isSameDescription, memberOf, type Statement } from '../state/statement.ts'
import { isPresent, type Member } from '../state/member.ts'
import type { Turn } from '../state/state.ts'
import type { MembershipEvent } from '../state/effect.ts'

export const emit = (turn: Turn, type: MembershipEvent['type'], statement: Statement): void => {
  turn.effects.push({ type: 'emit', event: { type, member: memberOf(statement) } })
}

/** Says what changed for whoever watches this member, in an order that makes sense whatever was missed. */
export const announce = (turn: Turn, now: Statement, before: Statement | undefined): void => {
  if (before === undefined) {
    // Whom this node meets as down or gone was never up for it.
    if (isPresent(now)) emit(turn, 'member:up', { ...now, state: 'alive' })
    if (now.state === 'suspect') emit(turn, 'member:suspect', now)
    return
  }
  if (before.state === now.state) {
    // A higher incarnation of an absent member changes nothing that anybody sees.
    if (isPresent(now) && !isSameDescription(before, now)) emit(turn, 'member:updated', now)
    return
  }
  announceState(turn, now, before)
}

const announceState = (turn: Turn, now: Statement, before: Member): void => {
  switch (now.state) {
    case 'alive':
      return emit(turn, 'member:up', now)
    case 'suspect':
      if (before.state !== 'alive') emit(turn, 'member:up', { ...now, state: 'alive' })
      return emit(turn, 'member:suspect', now)
    case 'down':
      if (isPresent(before)) emit(turn, 'member:down', now)
      return
    case 'left':
      return emit(turn, 'member:left', now)
  }
}
