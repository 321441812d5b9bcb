import type { Timings } from '../../config.ts'

export interface Suspicion {
  /** Of the cluster, this one included. */
  readonly members: number
  /** Who found the suspect silent, the first included. */
  readonly accusers: number
  /** Members that this node hears from, and that could find the same. The dead and the unreachable cannot. */
  readonly witnesses: number
  /** Members that are suspected now, this one included. */
  readonly suspects: number
}

/**
 * How long a suspect has to refute (Lifeguard; Dadgar, Phillips, Currey 2018, section IV-B): long after one accusation, which
 * may be the accuser's own fault, and shorter with each member that finds the same on its own. Where nobody is left who could,
 * waiting for them is of no use: then nearly the shortest time holds (in memberlist, the shortest), the nearer the more links fell
 * silent together, since with each of them chance is a less likely reason. Up to `fullMesh` members everybody hears of an
 * accusation at once; above that the time grows with the logarithm, as gossip does.
 *
 * @returns milliseconds from the first accusation
 */
export const suspicionTimeout = (
  { members, accusers, witnesses, suspects }: Suspicion,
  { suspicionMin, suspicionMax, fullMesh }: Pick<Timings, 'suspicionMin' | 'suspicionMax' | 'fullMesh'>,
): number => {
  const scale = 1 + Math.max(0, Math.log10(members / fullMesh))
  const expected = Math.min(enoughConfirmations, witnesses)
  const range = suspicionMax - suspicionMin
  if (expected < 1) return (suspicionMin + range / (1 + suspects)) * scale
  const confirmations = Math.min(expected, Math.max(0, accusers - 1))
  const shortened = Math.log(confirmations + 1) / Math.log(expected + 1)
  // Two links that lost packets hold up at once are not as rare as four.
  const missing = (enoughConfirmations - expected) / (2 * enoughConfirmations)
  return (suspicionMax - range * (1 - missing) * shortened) * scale
}

const enoughConfirmations = 3
