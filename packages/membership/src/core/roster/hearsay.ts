import { merge, type Claim } from '../state/statement.ts'
import { hearsFrom, type Turn } from '../state/state.ts'

/*
 * What others say of a member that this node hears from is at most a reason to ask it: whoever was cut off for a while holds
 * everybody else to be down, and says so when it is back, of members that were never apart. Such an accusation is kept aside
 * until the accused answers, or is silent.
 */

/** Takes an accusation aside; what is left is that the member was alive at this incarnation. */
export const withoutHearsay = (turn: Turn, claim: Claim, from: string): Claim => {
  const { state } = turn
  if (claim.state === 'alive' || claim.id === from || !hearsFrom(state, claim.id)) return claim
  const known = state.peers.get(claim.id)?.member
  const isNews = known === undefined || known.state === 'alive' || claim.incarnation > known.incarnation
  if (!isNews || claim.incarnation < (known?.incarnation ?? 0)) return claim
  holdAside(turn, claim)
  const { accusers: _item, ...rest } = claim
  return { ...rest, state: 'alive' }
}

const holdAside = ({ state: { hearsay } }: Turn, claim: Claim): void => {
  const held = hearsay.get(claim.id)
  const merged = held === undefined ? claim : merge(held.claim, claim)
  if (merged !== held?.claim) hearsay.set(claim.id, { claim: merged, asked: false })
}

/** The accused answered, or spoke for itself. */
export const dropHearsay = ({ state }: Turn, id: string): void => {
  state.hearsay.delete(id)
}

/** @returns the accusation that was kept aside, which is this node's to judge now */
export const takeHearsay = ({ state }: Turn, id: string): Claim | undefined => {
  const held = state.hearsay.get(id)
  state.hearsay.delete(id)
  return held?.claim
}
