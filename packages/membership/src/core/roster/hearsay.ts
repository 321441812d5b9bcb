import { merge, type Statement } from '../state/statement.ts'
import { hearsFrom, type Turn } from '../state/state.ts'

/*
 * What others say of a member that this node hears from is at most a reason to ask it: whoever was cut off for a while holds
 * everybody else to be down, and says so when it is back, of members that were never apart. Such an accusation is kept aside
 * until the accused answers, or is silent.
 */

/** Takes an accusation aside; what is left is that the member was alive at this incarnation. */
export const withoutHearsay = (turn: Turn, statement: Statement, from: string): Statement => {
  const { state } = turn
  if (statement.state === 'alive' || statement.id === from || !hearsFrom(state, statement.id))
    return statement
  const known = state.peers.get(statement.id)?.member
  const isNews = known === undefined || known.state === 'alive' || statement.incarnation > known.incarnation
  if (!isNews || statement.incarnation < (known?.incarnation ?? 0)) return statement
  holdAside(turn, statement)
  const { accusers: _item, ...rest } = statement
  return { ...rest, state: 'alive' }
}

const holdAside = ({ state: { hearsay } }: Turn, statement: Statement): void => {
  const held = hearsay.get(statement.id)
  const merged = held === undefined ? statement : merge(held.statement, statement)
  if (merged !== held?.statement) hearsay.set(statement.id, { statement: merged, asked: false })
}

/** The accused answered, or spoke for itself. */
export const dropHearsay = ({ state }: Turn, id: string): void => {
  state.hearsay.delete(id)
}

/** @returns the accusation that was kept aside, which is this node's to judge now */
export const takeHearsay = ({ state }: Turn, id: string): Statement | undefined => {
  const held = state.hearsay.get(id)
  state.hearsay.delete(id)
  return held?.statement
}
