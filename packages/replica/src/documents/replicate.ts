import { setMaxListeners } from 'node:events'
import * as Y from 'yjs'
import { answer } from './sync/answer.ts'
import { settingsOf, type ReplicaOptions } from '../config.ts'
import { contentDigest } from './digest/content-digest.ts'
import { createExchange } from './sync/exchange.ts'
import { performOwn } from './guard/own-change.ts'
import { createPeerPenalties } from '../shared/peer-penalty.ts'
import { createInbox } from './guard/inbox.ts'
import { openJournal } from './journal.ts'
import { createSyncPermit } from './sync/sync-permit.ts'
import { loadDocument, retryHeld } from './load.ts'
import { createOutbox } from './sync/outbox.ts'
import { ReplicaClosedError } from '../errors.ts'
import { createPeers } from '../shared/peers.ts'
import { repair } from './sync/repair.ts'
import { createEvents, type ReplicaEvents } from '../shared/events.ts'
import { memoryStorage } from '../storage/memory.ts'
import { updateOf } from './update-codec/transaction.ts'
import { createWriter, type Write } from '../shared/writer.ts'
import type { Bus } from '../bus.ts'
import { statusSignature, type ReplicaStatus, type Traffic } from './status.ts'
import type { Storage } from '../storage/storage.ts'

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
  const { name, policy, log, clock, random, storage = memoryStorage() } = settings
  const stopped = new AbortController()
  const { signal } = stopped
  // Every request that is under way listens to it.
  setMaxListeners(0, signal)
  const traffic: Traffic = { refused: 0, dropped: 0, gaps: 0, bytesIn: 0, bytesOut: 0 }

  // What was in the document before is on nobody's disk yet.
  const prefilled = doc.store.clients.size > 0 ? Y.encodeStateAsUpdate(doc) : undefined
  const digest = contentDigest(doc)
  const loading = { clock, log, origin: storageOrigin }
  const held = await loadDocument(doc, storage, loading)
  let ready = false
  let exchanged: { readonly member: string; readonly at: number } | undefined
  const status = (): ReplicaStatus => ({
    ready,
    storage: journal.state,
    digest: digest.value(),
    ...traffic,
    inSync: peers.all('inSync'),
    diverged: peers.all('diverged'),
    cutOff: penalties.cutOff(),
    pending: inbox.waiting + journal.unsaved,
    held: held.length,
    lastExchange:
      exchanged === undefined ? undefined : { member: exchanged.member, ago: clock.now() - exchanged.at },
    ...sizesOf(storage),
  })
  const events = createEvents<ReplicaEvents>(clock, status, statusSignature)
  const { changed } = events
  const peers = createPeers(changed)
  const penalties = createPeerPenalties(clock, log)
  const permit = createSyncPermit(clock)
  const journal = openJournal({
    doc,
    storage,
    clock,
    log,
    compactAfter: settings.compactAfter,
    held,
    changed,
    isReceiving: () => permit.isHeld,
  })

  // Nobody waits for it; the journal logs a failure, and owes it.
  if (prefilled !== undefined) journal.save(prefilled).catch(() => undefined)

  const refused = (peer: string | undefined, reason: string): void => {
    log.warn({ peer, reason }, 'a foreign update was refused')
    events.emit('refused', { member: peer, reason })
    changed()
  }
  const inbox = createInbox({
    doc,
    journal,
    policy,
    penalties,
    traffic,
    clock,
    log,
    origin: remoteOrigin,
    refused,
    missed: () => exchange.soon(),
  })
  const conversation = { doc, bus, digest, inbox, permit, name, traffic, clock, signal, log }
  const exchange = createExchange({
    ...conversation,
    random,
    penalties,
    peers,
    completed: (member) => {
      exchanged = { member, at: clock.now() }
      retryHeld(doc, held, loading)
      changed()
    },
    diverged: async (member) => {
      log.error({ peer: member }, 'a member holds other content under the same ids')
      events.emit('diverged', { member })
      const insert = (update: Uint8Array): void => Y.applyUpdate(doc, update, repairOrigin)
      const repaired = await repair(conversation, member, policy, insert)
      log.warn({ peer: member, ...repaired }, 'entries that the member lacked were inserted anew')
      events.emit('repaired', { member, ...repaired })
    },
  })
  const outbox = createOutbox({ ...conversation, journal, exchangeAnewWith: exchange.anewWith })
  const write = createWriter({
    ...conversation,
    journal,
    settings,
    perform: (change) => performOwn(doc, change, localOrigin),
    sent: outbox.flushed,
  })

  const onTransaction = (transaction: Y.Transaction): void => {
    const origin: unknown = transaction.origin
    if (origin === remoteOrigin || origin === storageOrigin) return
    const update = updateOf(transaction)
    if (update === undefined) return
    outbox.add(update)
  }
  doc.on('afterTransactionCleanup', onTransaction)
  const unsubscribe = bus.topic(name).subscribe(inbox.offer)
  const answering = {
    ...conversation,
    penalties,
    refused,
    fetchFrom: exchange.anewWith,
    fetchBack: exchange.alsoWith,
    inSync: (member: string, isInSync: boolean) =>
      isInSync ? peers.set(member, 'inSync') : peers.differs(member),
  }
  let stopAnswering = (): void => undefined
  const close = async (): Promise<void> => {
    if (signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    stopAnswering()
    doc.off('afterTransactionCleanup', onTransaction)
    unsubscribe()
    await outbox.close()
    digest.close()
    events.close()
    await journal.close()
  }
  try {
    stopAnswering = await bus.handle(`replica/${name}`, (request, { from }) =>
      answer(answering, request, from),
    )
  } catch (error) {
    await close()
    throw error
  }
  // What a compaction left behind, or is damaged, is written anew at once.
  if (storage.status().compactionDue) void journal.compact()

  const becomingReady = exchange.start(settings.antiEntropyInterval, settings.discoveryWindow).then(() => {
    ready = true
    changed()
  })

  return {
    ready: becomingReady,
    status,
    on: events.on,
    write,
    compact: journal.compact,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const sizesOf = (storage: Storage): Pick<ReplicaStatus, 'logBytes' | 'snapshotBytes' | 'damaged'> => {
  const { logBytes, snapshotBytes, damaged } = storage.status()
  return { logBytes, snapshotBytes, damaged }
}

const localOrigin = Symbol('local')
const remoteOrigin = Symbol('remote')
const storageOrigin = Symbol('storage')
const repairOrigin = Symbol('repair')
