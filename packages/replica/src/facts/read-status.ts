import type { FactsParts } from './parts.ts'
import type { FactsStatus } from './status.ts'

export const readStatus = (parts: FactsParts): FactsStatus => {
  const { set, storage, journal, context, outcomes, readiness, schedule } = parts
  return {
    ready: readiness.isReady,
    storage: journal.state,
    digest: set.digest(),
    facts: set.size,
    erased: set.erasures.size,
    ...context.traffic,
    ...outcomes.status(),
    failed: schedule.failures(),
    cutOff: context.penalties.cutOff(),
    notAsked: context.bus.notAsked(),
    pending: context.intake.waiting + journal.owed,
    purging: set.purging,
    ...storage.status(),
  }
}
