import { createEvents, createSignal, type Events, type Signal } from '../shared/events.ts'
import { createPeerPenalties } from '../shared/peer-penalty.ts'
import { createCursors } from './exchange/cursors.ts'
import { createFetcher } from './exchange/fetch.ts'
import { createReadiness, type Readiness } from './exchange/readiness.ts'
import { createSchedule, type Schedule } from './exchange/schedule.ts'
import { createSpentIds } from './exchange/spent-ids.ts'
import { remoteOrigin } from './follow-set.ts'
import { createIntake } from './intake.ts'
import { createOutcomes, type Outcomes } from './outcomes.ts'
import { createFactJournal, type FactJournal } from './persistence/journal.ts'
import { snapshotOf } from './persistence/load.ts'
import { createSaver, type Saver } from './persistence/saver.ts'
import { createDelivery, type Delivery } from './writing/delivery.ts'
import type { FactSet } from '@grapevine/facts'
import { speakersOf, type SpeakersBus } from './protocol/speakers.ts'
import type { Bus } from '../bus.ts'
import type { Storage } from '../storage/storage.ts'
import type { FactsSettings } from './config.ts'
import type { FactsContext } from './exchange/context.ts'
import type { FactsEvents } from './status.ts'

/** What is asked to keep a set: the set, and where it is kept. */
export interface FactsOrder {
  readonly set: FactSet
  readonly bus: Bus
  readonly settings: FactsSettings
  readonly storage: Storage
  /** Aborted when the replica is closed. */
  readonly signal: AbortSignal
}

/** Whatever keeps one set, each made of those that stand before it. */
export interface FactsParts extends Omit<FactsOrder, 'bus'> {
  /** As far as it leads to members that keep sets of facts. */
  readonly bus: SpeakersBus
  readonly events: Events<FactsEvents>
  /** The status may be another. */
  readonly changes: Signal
  readonly journal: FactJournal
  readonly saver: Saver
  readonly context: FactsContext
  readonly outcomes: Outcomes
  readonly delivery: Delivery
  readonly readiness: Readiness
  readonly schedule: Schedule
}

export const createParts = (asked: FactsOrder): FactsParts => {
  const order = { ...asked, bus: speakersOf(asked.bus, asked.settings.log) }
  const { set, settings, storage } = order
  const { clock, log, compactAfter } = settings
  const events = createEvents<FactsEvents>()
  const changes = createSignal()
  const snapshot = () => snapshotOf(set, clock)
  const journal = createFactJournal({ storage, clock, log, compactAfter, snapshot, changed: changes.fire })
  const saver = createSaver(set, journal)
  const context = contextOf(order, saver)
  const outcomes = createOutcomes({ clock, log, events, changes })
  const delivery = createDelivery(context)
  const readiness = readinessOf(order)
  const schedule = createSchedule({
    ...context,
    random: settings.random,
    fetcher: createFetcher(context),
    readiness,
    completed: outcomes.completed,
    failed: outcomes.failed,
  })
  return { ...order, events, changes, journal, saver, context, outcomes, delivery, readiness, schedule }
}

const contextOf = (
  { set, bus, settings, signal }: FactsOrder & Pick<FactsParts, 'bus'>,
  saver: Saver,
): FactsContext => {
  const { name, clock, log, random } = settings
  return {
    set,
    bus,
    name,
    epoch: Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(36)).join(''),
    intake: createIntake({ set, saver, clock, origin: remoteOrigin }),
    cursors: createCursors(),
    spentIds: createSpentIds(),
    penalties: createPeerPenalties(clock, log),
    traffic: { refused: 0, dropped: 0, unknown: 0, bytesIn: 0, bytesOut: 0 },
    clock,
    signal,
    log,
  }
}

const lateMessage = 'ready without an exchange with these members, which did not come to its end'

const readinessOf = ({ bus, settings }: FactsOrder): Readiness =>
  createReadiness({
    bus,
    clock: settings.clock,
    window: settings.discoveryWindow,
    bound: settings.readyWithin,
    late: (members) => settings.log.warn({ peers: members }, lateMessage),
  })
