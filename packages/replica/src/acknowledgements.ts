import { WriteConcernError } from './errors.ts'
import type { WriteConcern } from './config.ts'
import type { Acknowledgement } from './replica.ts'

/** A write on its way to other members: each promise tells whether that member has it on disk. */
export type Deliveries = ReadonlyMap<string, Promise<boolean>>

/**
 * Waits until as many members as the concern asks for have the write on disk, this node included, or the
 * signal says that it is time.
 *
 * @throws WriteConcernError if a number was asked for and not reached
 */
export const acknowledged = async (
  self: string,
  deliveries: Deliveries,
  concern: WriteConcern,
  signal: AbortSignal,
): Promise<Acknowledgement> => {
  const needed = neededOf(concern, deliveries.size)
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
  const missing = [...deliveries.keys()].filter((member) => !members.includes(member))
  const result: Acknowledgement = { members: [...members], missing }
  if (typeof concern === 'number' && members.length < concern) throw new WriteConcernError(concern, result)
  return result
}

const neededOf = (concern: WriteConcern, others: number): number => {
  if (concern === 'local') return 1
  return concern === 'reachable' ? others + 1 : concern
}
