import type { Timings } from '../../config.ts'

/**
 * How long a suspect has to refute (Lifeguard; Dadgar, Phillips, Currey 2018, section IV-B): long after one
 * accusation, which may be the accuser's own fault, and shorter with each member that finds the same on its
 * own. Grows with the logarithm of the cluster, as gossip does.
 *
 * @param members - of the cluster, this one included
 * @param accusers - who found the suspect silent, the first included
 * @returns milliseconds from the first accusation
 */
export const suspicionTimeout = (
  members: number,
  accusers: number,
  { suspicionMin, suspicionMax }: Pick<Timings, 'suspicionMin' | 'suspicionMax'>,
): number => {
  const scale = Math.max(1, Math.log10(members))
  const expected = Math.min(enoughConfirmations, members - 2)
  // Of two members nobody else can confirm: what one of them sees has to do.
  if (expected < 1) return suspicionMax * scale
  const confirmations = Math.min(expected, Math.max(0, accusers - 1))
  const shortened = Math.log(confirmations + 1) / Math.log(expected + 1)
  return (suspicionMax - (suspicionMax - suspicionMin) * shortened) * scale
}

const enoughConfirmations = 3
