import { setMaxListeners } from 'node:events'
import * as Y from 'yjs'
import { settingsOf, type ReplicaOptions, type Settings } from '../config.ts'
import { ReplicaClosedError } from '../errors.ts'
import { tellStatus } from '../shared/events.ts'
import { createWriter, type Write } from '../shared/writer.ts'
import { memoryStorage } from '../storage/memory.ts'
import { contentDigest } from './digest/content-digest.ts'
import { performOwn } from './guard/own-change.ts'
import { loadDocument } from './load.ts'
import { isKnownElsewhere, localOrigin, storageOrigin } from './origins.ts'
import { createParts, type DocumentParts } from './parts.ts'
import { readStatus } from './read-status.ts'
import { statusSignature, type ReplicaEvents, type ReplicaStatus } from './status.ts'
import { answer } from './sync/answer.ts'
import { updateOf } from './update-codec/transaction.ts'
import type { Bus } from '../bus.ts'

export interface Replica extends AsyncDisposable {
  /** Resolves when {@link ReplicaStatus.ready} holds. */
  readonly ready: Promise<void>
  status(): ReplicaStatus
  /** @returns how to stop listening */
  on<T extends keyof ReplicaEvents>(type: T, listener: (event: ReplicaEvents[T]) => void): () => void
  /**
   * Changes the document and resolves when the change is on this node's disk and on as many others as the
   * concern asks for, with who has it.
   *
   * @throws StorageUnavailableError, ReplicaClosedError: not written, not acknowledged
   * @throws WriteConcernError: written here, on fewer members than asked for
   * @throws InvalidOptionError: not written
   * @throws AsyncChangeError: not acknowledged, and not written if the function says that it is async
   */
  readonly write: Write
  /** Replaces the log by a snapshot now; it happens by itself when the log has grown. */
  compact(): Promise<void>
  /**
   * Stops answering, comparing and writing; the storage can be closed then. The bus, the document and a storage that
   * was handed in stay as they are: who opened them closes them.
   */
  close(): Promise<void>
}

/**
 * Keeps the document the same on every member of the bus, and on this node's disk. Resolves when the disk is loaded.
 *
 * @throws InvalidOptionError
 */
export const replicate = async (doc: Y.Doc, bus: Bus, options: ReplicaOptions): Promise<Replica> => {
  const settings = settingsOf(options)
  const stopped = new AbortController()
  // Every request that is under way listens to it.
  setMaxListeners(0, stopped.signal)
  const parts = await load(doc, bus, settings, stopped.signal)
  const { events, changes, journal, exchange, storage } = parts
  let isReady = false
  const status = (): ReplicaStatus => readStatus(parts, isReady)
  const endings = [
    tellStatus({ events, changes, clock: settings.clock, status, signatureOf: statusSignature }),
    followDocument(parts),
    followGossip(parts),
  ]
  const close = async (): Promise<void> => {
    if (stopped.signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    for (const end of endings) end()
    await parts.outbox.close()
    parts.digest.close()
    await journal.close()
  }
  try {
    endings.push(await answerOthers(parts))
  } catch (error) {
    await close()
    throw error
  }
  // What a compaction left behind, or is damaged, is written anew at once.
  if (storage.status().compactionDue) void journal.compact()
  const ready = exchange.start(settings.antiEntropyInterval, settings.discoveryWindow).then(() => {
    isReady = true
    changes.fire()
  })
  return {
    ready,
    status,
    on: events.on,
    write: writerOf(parts),
    compact: journal.compact,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Takes the disk into the document, and what was in the document before onto the disk. */
const load = async (
  doc: Y.Doc,
  bus: Bus,
  settings: Settings,
  signal: AbortSignal,
): Promise<DocumentParts> => {
  const { clock, log, storage = memoryStorage() } = settings
  // It is on nobody's disk yet.
  const prefilled = doc.store.clients.size > 0 ? Y.encodeStateAsUpdate(doc) : undefined
  const digest = contentDigest(doc)
  const held = await loadDocument(doc, storage, { clock, log, origin: storageOrigin })
  const parts = createParts({ doc, bus, settings, storage, digest, held, signal })
  // Nobody waits for it; the journal logs a failure, and owes it.
  if (prefilled !== undefined) parts.journal.save(prefilled).catch(() => undefined)
  return parts
}

/** Tells the others what is changed here. @returns how to stop */
const followDocument = ({ doc, outbox }: DocumentParts): (() => void) => {
  const onTransaction = (transaction: Y.Transaction): void => {
    if (isKnownElsewhere(transaction.origin)) return
    const update = updateOf(transaction)
    if (update !== undefined) outbox.add(update)
  }
  doc.on('afterTransactionCleanup', onTransaction)
  return () => doc.off('afterTransactionCleanup', onTransaction)
}

/** @returns how to stop */
const followGossip = ({ bus, settings, conversation }: DocumentParts): (() => void) =>
  bus.topic(settings.name).subscribe(conversation.inbox.offer)

/** @returns how to stop */
const answerOthers = ({
  bus,
  settings,
  conversation,
  penalties,
  refused,
  peers,
  exchange,
}: DocumentParts): Promise<() => void> => {
  const inSync = (member: string, isInSync: boolean): void =>
    isInSync ? peers.set(member, 'inSync') : peers.differs(member)
  const fetching = { fetchFrom: exchange.anewWith, fetchBack: exchange.alsoWith }
  const context = { ...conversation, ...fetching, penalties, refused, inSync }
  return bus.handle(`replica/${settings.name}`, (request, { from }) => answer(context, request, from))
}

const writerOf = ({ doc, settings, conversation, journal, outbox }: DocumentParts): Write =>
  createWriter({
    ...conversation,
    journal,
    settings,
    perform: (change) => performOwn(doc, change, localOrigin),
    sent: outbox.flushed,
  })
