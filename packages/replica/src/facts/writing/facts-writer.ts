import { createWriter, type Write } from '../../shared/writer.ts'
import { perform } from './perform.ts'
import type { FactsSettings } from '../config.ts'
import type { FactsContext } from '../exchange/context.ts'
import type { Outcomes } from '../outcomes.ts'
import type { FactJournal } from '../persistence/journal.ts'
import type { Saver } from '../persistence/saver.ts'
import type { Delivery } from './delivery.ts'

export interface FactsWriterContext extends Pick<FactsContext, 'set' | 'bus' | 'clock' | 'signal'> {
  readonly settings: FactsSettings
  readonly journal: FactJournal
  readonly saver: Saver
  readonly delivery: Delivery
  readonly outcomes: Pick<Outcomes, 'unconfirmed'>
}

/** A write waits for this node's disk, and for the members that it was sent to. */
export const createFactsWriter = (context: FactsWriterContext): Write => {
  const { set, saver, delivery, outcomes } = context
  // Asked for in the same tick as it is performed, so that no other write comes between.
  let written: readonly string[] = []
  return createWriter({
    ...context,
    perform: (change) => {
      const { value, keys } = perform(set, change)
      written = keys
      return value
    },
    sent: async () => {
      const keys = written
      const deliveries = await delivery.sent()
      await saver.saved(keys)
      return deliveries
    },
    acknowledged: ({ missing }, deliveries, isOver) => {
      for (const member of missing) {
        const delivered = deliveries.get(member)
        if (delivered === undefined) continue
        if (isOver) outcomes.unconfirmed(member)
        else
          void delivered.then(
            (isStored) => isStored || context.signal.aborted || outcomes.unconfirmed(member),
          )
      }
    },
  })
}
