import { setMaxListeners } from 'node:events'
import { reasonOf } from '@grapevine/std'
import { erasureOf, subjectOf, upkeepOrigin, type Change, type FactSet } from '@grapevine/facts'
import { ReplicaClosedError } from '../errors.ts'
import { createEvents } from '../shared/events.ts'
import { limits } from '../limits.ts'
import { createPeerPenalties } from '../shared/peer-penalty.ts'
import { createFactJournal } from './persistence/journal.ts'
import { memoryStorage } from '../storage/memory.ts'
import { createPeers } from '../shared/peers.ts'
import { factsSettingsOf, type FactsOptions } from './config.ts'
import { createDelivery } from './writing/delivery.ts'
import { answer } from './exchange/answer.ts'
import { createCursors } from './exchange/cursors.ts'
import { createFetcher } from './exchange/fetch.ts'
import { createReadiness } from './exchange/readiness.ts'
import { createSchedule } from './exchange/schedule.ts'
import { createSpentIds } from './exchange/spent-ids.ts'
import { followGossip } from './gossip.ts'
import { createIntake } from './intake.ts'
import { createLag } from './lag.ts'
import { loadFacts, snapshotOf } from './persistence/load.ts'
import { protocolOf } from './protocol/ask.ts'
import { createSaver } from './persistence/saver.ts'
import { perform } from './writing/perform.ts'
import { createWriter, type Write } from '../shared/writer.ts'
import type { Bus } from '../bus.ts'
import type { FactsContext, FactsTraffic } from './exchange/context.ts'
import { statusSignature, type FactsEvents, type FactsStatus } from './status.ts'

export interface FactsReplica extends AsyncDisposable {
  readonly set: FactSet
  /**
   * Runs `change`, which inserts facts, and resolves when they are on this node's disk and held by as many others as the
   * concern asks for, with who holds them.
   *
   * @throws InvalidFactError, InvalidOptionError, AsyncChangeError, StorageUnavailableError, ReplicaClosedError: not
   *   acknowledged
   * @throws WriteConcernError: written here, held by fewer members than asked for
   */
  readonly write: Write
  /** Resolves when {@link FactsStatus.ready} holds. */
  readonly ready: Promise<void>
  status(): FactsStatus
  /** @returns how to stop listening */
  on<T extends keyof FactsEvents>(type: T, listener: (event: FactsEvents[T]) => void): () => void
  /** Replaces the log by a snapshot now; it happens by itself when the log has grown, and after an erasure. */
  compact(): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps a set of facts the same on every member of the bus, and on this node's disk. Resolves when the disk is loaded.
 *
 * @throws InvalidOptionError
 */
export const replicateFacts = async (set: FactSet, bus: Bus, given: FactsOptions): Promise<FactsReplica> => {
  const settings = factsSettingsOf(given)
  const { name, log, clock, random, storage = memoryStorage(), erasuresOf } = settings
  const stopped = new AbortController()
  const { signal } = stopped
  // Every request that is under way listens to it.
  setMaxListeners(0, signal)

  const { unsaved, isSpent } = await loadFacts({ set, storage, clock, log, origin: storageOrigin })
  const journal = createFactJournal({
    storage,
    clock,
    log,
    compactAfter: settings.compactAfter,
    snapshot: () => snapshotOf(set, clock),
    changed: () => events.changed(),
  })
  const traffic: FactsTraffic = { refused: 0, dropped: 0, unknown: 0, bytesIn: 0, bytesOut: 0 }
  const saver = createSaver(set, journal)
  const intake = createIntake({ set, saver, clock, origin: remoteOrigin })
  const penalties = createPeerPenalties(clock, log)
  const spentIds = createSpentIds()
  const epoch = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(36)).join('')
  const cursors = createCursors()
  const common = { set, bus, name, epoch, intake, cursors, spentIds, penalties, traffic, clock, signal, log }
  const context: FactsContext = common

  const lag = createLag(clock)
  const delivery = createDelivery(context)
  let written: readonly string[] = []
  const write = createWriter({
    ...common,
    settings,
    journal,
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
    acknowledged: ({ missing }, deliveries) => {
      for (const member of missing.filter((id) => deliveries.has(id))) {
        lag.missed(member)
        log.warn({ peer: member }, 'a member did not confirm a write in time; an exchange will bring it')
      }
    },
  })
  const readiness = createReadiness({
    bus,
    clock,
    window: settings.discoveryWindow,
    bound: settings.readyWithin,
    late: (members) =>
      log.warn(
        { peers: members },
        'ready without an exchange with these members, which did not come to its end',
      ),
  })
  let exchanged: { readonly member: string; readonly at: number } | undefined
  const peers = createPeers(() => events.changed())
  const status = (): FactsStatus => ({
    ready: readiness.isReady,
    storage: journal.state,
    digest: set.digest(),
    facts: set.size,
    erased: set.erasures.size,
    ...traffic,
    inSync: peers.all('inSync'),
    diverged: peers.all('diverged'),
    failed: schedule.failures(),
    behind: lag.all(),
    cutOff: penalties.cutOff(),
    pending: intake.waiting + journal.owed,
    purging: set.purging,
    lastExchange:
      exchanged === undefined ? undefined : { member: exchanged.member, ago: clock.now() - exchanged.at },
    ...storage.status(),
  })
  const events = createEvents<FactsEvents>(clock, status, statusSignature)

  const caughtUp = (member: string): void => {
    peers.set(member, 'inSync')
    lag.caughtUp(member)
  }
  const schedule = createSchedule({
    ...common,
    fetcher: createFetcher(context),
    random,
    readiness,
    completed: (member, outcome) => {
      exchanged = { member, at: clock.now() }
      if (outcome.kind === 'equal') caughtUp(member)
      else if (outcome.isExplained || peers.differed(member) < limits.patience) peers.differs(member)
      else if (!peers.all('diverged').includes(member)) {
        peers.set(member, 'diverged')
        log.error(
          { peer: member },
          'a member says that it holds something else, and has nothing that is lacking here',
        )
        events.emit('diverged', { member })
      }
      events.changed()
    },
    failed: (member, error, isNews) => {
      const reason = reasonOf(error)
      const message = 'an exchange with a member failed; what it holds may be lacking here'
      if (isNews) log.warn({ peer: member, reason }, message)
      else log.debug({ peer: member, reason }, message)
      events.emit('failed', { member, reason })
      events.changed()
    },
  })

  const refused = (member: string | undefined, reason: string): void => {
    traffic.refused += 1
    if (member !== undefined) penalties.add(member)
    // A flood of it is not worth a line each: it is counted, and who is cut off was named.
    const isQuiet = member === undefined || penalties.isCutOff(member)
    log[isQuiet ? 'debug' : 'warn']({ peer: member, reason }, 'what a member sent did not pass the gate')
    events.emit('refused', { member, reason })
    events.changed()
  }

  const onChange = (change: Change): void => {
    spentIds.add(change.spent)
    if (change.origin !== storageOrigin) saver.save(change.added)
    if (change.spent.length > 0) journal.purged(change.spent)
    if (isOwn(change.origin)) delivery.add(change.added)
    events.changed()
  }
  const endings = [set.onChange(onChange)]
  if (unsaved.length > 0) saver.save(unsaved)
  if (isSpent) journal.purged()
  if (erasuresOf !== undefined) endings.push(copyErasures(erasuresOf, set))

  const answering = {
    ...common,
    refused,
    compared: (member: string, isEqual: boolean) => {
      if (isEqual) return caughtUp(member)
      peers.differs(member)
      schedule.also(member)
    },
  }
  const stopAnswering = await bus.handle(protocolOf(name), (request, { from }) =>
    answer(answering, request, from),
  )
  endings.push(followGossip({ ...common, refused, missed: schedule.soon }))
  schedule.start(settings.antiEntropyInterval)
  readiness.done.then(events.changed, () => undefined)

  const close = async (): Promise<void> => {
    if (signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    for (const end of endings) end()
    stopAnswering()
    readiness.close()
    await delivery.sent()
    events.close()
    await journal.close()
  }
  return {
    set,
    ready: readiness.done,
    status,
    on: events.on,
    write,
    compact: journal.compact,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Whoever is erased there is erased here; each member does it by itself, so it is told to nobody. */
const copyErasures = (from: FactSet, to: FactSet): (() => void) => {
  const copy = (subjects: readonly string[]): void => void to.insert(subjects.map(erasureOf), derivedOrigin)
  copy([...from.erasures.keys()].map(subjectOf))
  return from.onChange(({ erased }) => {
    if (erased.length > 0) copy(erased)
  })
}

const storageOrigin = Symbol('storage')
const remoteOrigin = Symbol('remote')
const derivedOrigin = Symbol('derived')
const notOwn: readonly unknown[] = [storageOrigin, remoteOrigin, derivedOrigin, upkeepOrigin]
const isOwn = (origin: unknown): boolean => !notOwn.includes(origin)
