import { WriteConcernError } from '../errors.ts'
import type { Acknowledgement, WriteConcern } from '../write-concern.ts'

/** A write on its way to other members: each promise tells whether that member has it on disk. */
export type Deliveries = ReadonlyMap<string, Promise<boolean>>

export interface Wait {
  readonly self: string
  readonly concern: WriteConcern
  /** The other members that have not left, reachable or not, as far as the bus tells. */
  readonly others: readonly string[]
  readonly signal: AbortSignal
}

/**
 * Waits until as many members as the concern asks for have the write on disk, this node included, or the
 * signal says that it is time.
 *
 * @throws WriteConcernError if a number or a majority was asked for and not reached
 */
export const acknowledged = async (deliveries: Deliveries, wait: Wait): Promise<Acknowledgement> => {
  const { self, concern, others, signal } = wait
  const all = new Set([...deliveries.keys(), ...others])
  const needed = neededOf(concern, deliveries.size, all.size)
  const members = [self]
  await new Promise<void>((resolve) => {
    let open = deliveries.size
    const check = (): void => {
      if (members.length >= needed || open === 0) resolve()
    }
    for (const [member, delivered] of deliveries) {
      void delivered.then((stored) => {
        open -= 1
        if (stored) members.push(member)
        check()
      })
    }
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
    check()
  })
  const result = { members: [...members], missing: [...all].filter((member) => !members.includes(member)) }
  if (concern !== 'reachable' && members.length < needed) throw new WriteConcernError(needed, result)
  return result
}

const neededOf = (concern: WriteConcern, reachable: number, others: number): number => {
  switch (concern) {
    case 'local':
      return 1
    case 'reachable':
      return reachable + 1
    case 'majority':
      return Math.floor((others + 1) / 2) + 1
    default:
      return concern
  }
}
