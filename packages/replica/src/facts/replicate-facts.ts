import { setMaxListeners } from 'node:events'
import { ReplicaClosedError } from '../errors.ts'
import { tellStatus } from '../shared/events.ts'
import { memoryStorage } from '../storage/memory.ts'
import { factsSettingsOf, type FactsOptions } from './config.ts'
import { answer } from './exchange/answer.ts'
import { copyErasures, followSet, storageOrigin } from './follow-set.ts'
import { keepDigestFresh } from './fresh-digest.ts'
import { followGossip } from './gossip.ts'
import { createParts, type FactsParts } from './parts.ts'
import { loadFacts, type Loaded } from './persistence/load.ts'
import { protocolOf } from './protocol/ask.ts'
import { factsVersions } from './protocol/speakers.ts'
import { readStatus } from './read-status.ts'
import { createRefusals } from './refusals.ts'
import { statusSignature, type FactsEvents, type FactsStatus } from './status.ts'
import { createFactsWriter } from './writing/facts-writer.ts'
import type { FactSet } from '@grapevine/facts'
import type { Bus } from '../bus.ts'
import type { Write } from '../shared/writer.ts'

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
  /**
   * Resolves when the fact of each of these keys is held and on this node's disk, or its subject is erased here.
   *
   * @throws StorageUnavailableError: at least one is not
   */
  stored(keys: readonly string[]): Promise<void>
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
  const { clock, log, storage = memoryStorage() } = settings
  const stopped = new AbortController()
  const { signal } = stopped
  // Every request that is under way listens to it.
  setMaxListeners(0, signal)

  const loaded = await loadFacts({ set, storage, clock, log, origin: storageOrigin })
  const parts = createParts({ set, bus, settings, storage, signal })
  const endings = keep(parts, loaded)
  const { events, journal, readiness, delivery } = parts

  const close = async (): Promise<void> => {
    if (signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    for (const end of endings) end()
    readiness.close()
    await delivery.sent()
    await journal.close()
  }
  try {
    endings.push(...(await talk(parts)))
  } catch (error) {
    await close()
    throw error
  }
  return {
    set,
    stored: parts.saver.saved,
    ready: readiness.done,
    status: () => readStatus(parts),
    on: events.on,
    write: createFactsWriter({ ...parts, clock }),
    compact: journal.compact,
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Ending = () => void

/** Follows the set, and puts on disk what it held before and what the disk lacks. */
const keep = (parts: FactsParts, { unsaved, isSpent }: Loaded): Ending[] => {
  const { set, events, changes, saver, journal, context, settings } = parts
  const status = (): FactsStatus => readStatus(parts)
  const endings = [
    tellStatus({ events, changes, clock: settings.clock, status, signatureOf: statusSignature }),
    followSet({ ...parts, spentIds: context.spentIds }),
    keepDigestFresh({ set, changes, clock: settings.clock }),
  ]
  if (unsaved.length > 0) saver.save(unsaved)
  if (isSpent) journal.purged()
  if (settings.erasuresOf !== undefined) endings.push(copyErasures(settings.erasuresOf, set))
  return endings
}

/** Answers the other members, hears what they gossip, and exchanges with them now and then. */
const talk = async (parts: FactsParts): Promise<Ending[]> => {
  const { bus, settings, changes, context, outcomes, schedule, readiness } = parts
  const refused = createRefusals({ ...context, ...parts })
  const compared = (member: string, isEqual: boolean): void => {
    outcomes.compared(member, isEqual)
    if (!isEqual) schedule.also(member)
  }
  const answering = { ...context, refused, compared }
  const stopAnswering = await Promise.all(
    factsVersions.map((version) =>
      bus.handle(protocolOf(settings.name, version), (request, { from }) => answer(answering, request, from)),
    ),
  )
  const stopGossip = followGossip({ ...context, refused, missed: schedule.soon })
  schedule.start(settings.antiEntropyInterval)
  readiness.done.then(changes.fire, () => undefined)
  return [...stopAnswering, stopGossip]
}
