import { limits } from '../../limits.ts'
import { penalise } from './penalties.ts'
import type { Statement } from '../state/statement.ts'
import type { Turn } from '../state/state.ts'

/**
 * How well it is shown that the member is at the incarnation that a statement names: `known` if not above what is held already, `proven`
 * by the member's key or its own link, `unproven` by members of an earlier version, which prove none, and `lie`.
 */
export type Evidence = 'known' | 'proven' | 'unproven' | 'lie'

export const evidenceOf = ({ state }: Turn, statement: Statement, from: string): Evidence => {
  const { id, incarnation, proof } = statement
  const peer = state.peers.get(id)
  const held = id === state.self.id ? state.self.incarnation : (peer?.member.incarnation ?? -1)
  const isSettled = peer === undefined || peer.isProven
  if (incarnation <= held && isSettled) return 'known'
  if (proof !== undefined) return state.proofs.verify(id, incarnation, proof) ? 'proven' : 'lie'
  if (id === from) return 'proven'
  return incarnation <= held ? 'known' : 'unproven'
}

/** Statements that may be taken in. A lie costs whoever sent it its link; the others of the message count no more either. */
export const believable = (
  turn: Turn,
  statements: readonly Statement[],
  from: string,
): readonly Statement[] => {
  const taken: Statement[] = []
  for (const statement of statements) {
    const evidence = evidenceOf(turn, statement, from)
    if (evidence === 'lie') {
      penalise(turn, from)
      return []
    }
    if (evidence === 'unproven' && !mayBeOfAnEarlierVersion(turn, statement)) continue
    if (evidence === 'proven') correct(turn, statement)
    taken.push(evidence === 'known' ? withHeldProof(turn, statement) : statement)
  }
  return taken
}

/**
 * Nobody checked the proof of what is no news. It would be passed on all the same, if the state is graver than what is held: to others who do
 * not know of the incarnation yet, and take whoever passes it on for the liar.
 */
const withHeldProof = ({ state }: Turn, statement: Statement): Statement => {
  const { id, incarnation } = statement
  const held = id === state.self.id ? state.self : state.peers.get(id)?.member
  if (held?.incarnation === incarnation && held.proof === statement.proof) return statement
  const { proof, ...rest } = statement
  if (held?.incarnation !== incarnation) return rest
  if (held.proof !== undefined) return { ...rest, proof: held.proof }
  return proof !== undefined && state.proofs.verify(id, incarnation, proof) ? statement : rest
}

/** One that has proven itself before needs no word without proof, and no clock is two centuries ahead. */
const mayBeOfAnEarlierVersion = ({ state }: Turn, { id, incarnation }: Statement): boolean =>
  state.peers.get(id)?.member.proof === undefined && incarnation <= limits.unprovenIncarnation

/** What was held without proof gives way to what is proven, also where that is lower. */
const correct = ({ state }: Turn, { id, incarnation }: Statement): void => {
  const peer = state.peers.get(id)
  if (peer === undefined) return
  if (!peer.isProven && peer.member.incarnation >= incarnation)
    peer.member = { ...peer.member, incarnation: incarnation - 1 }
  peer.isProven = true
}
