import { setMaxListeners } from 'node:events'
import * as Y from 'yjs'
import { acknowledged, type Deliveries } from './sync/acknowledgements.ts'
import { answer } from './sync/answer.ts'
import { deadline, onAbort, systemClock } from './clock.ts'
import { checkConcern, checkOptions, defaults, type ReplicaOptions } from './config.ts'
import { contentDigest } from './digest/content-digest.ts'
import { createExchange } from './sync/exchange.ts'
import { createPeerPenalties } from './guard/peer-penalty.ts'
import { createInbox } from './guard/inbox.ts'
import { openJournal } from './storage/journal.ts'
import { createSyncPermit } from './sync/sync-permit.ts'
import { applyWhole, loadDocument } from './storage/load.ts'
import { silentLog } from './log.ts'
import { createOutbox } from './sync/outbox.ts'
import { InvalidOptionError, ReplicaClosedError, StorageUnavailableError } from './errors.ts'
import { createPeers } from './sync/peers.ts'
import { repair } from './sync/repair.ts'
import { createEvents, type ReplicaEvents } from './events.ts'
import { memoryStorage } from './storage/memory.ts'
import { updateOf } from './codec/transaction.ts'
import { vectorOf } from './codec/vector.ts'
import type { Bus } from './bus.ts'
import type { ReplicaStatus, Traffic } from './status.ts'
import type { Acknowledgement, WriteConcern } from './write-concern.ts'

export interface WriteOptions {
  /** @default the replica's concern */
  readonly concern?: WriteConcern
  /** Ends the wait for other members early, as the write time-out does. */
  readonly signal?: AbortSignal
}

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
   */
  write<T>(change: () => T, options?: WriteOptions): Promise<{ value: T; acknowledgement: Acknowledgement }>
  /** Replaces the log by a snapshot now; it happens by itself when the log has grown. */
  compact(): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps the document the same on every member of the bus, and on this node's disk. Resolves when the disk is loaded.
 *
 * @throws InvalidOptionError
 */
export const replicate = async (doc: Y.Doc, bus: Bus, options: ReplicaOptions): Promise<Replica> => {
  checkOptions(options)
  const { name, policy } = options
  const { log = silentLog, clock = systemClock, random = Math.random, storage = memoryStorage() } = options
  const stopped = new AbortController()
  const { signal } = stopped
  // Every request that is under way listens to it.
  setMaxListeners(0, signal)
  const traffic: Traffic = { refused: 0, dropped: 0, gaps: 0, bytesIn: 0, bytesOut: 0 }

  // What was in the document before is on nobody's disk yet.
  const prefilled = doc.store.clients.size > 0
  const digest = contentDigest(doc)
  const held = await loadDocument(doc, storage, { clock, log, origin: storageOrigin })
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
    ...storage.status(),
  })
  const events = createEvents(clock, status)
  const { changed } = events
  const peers = createPeers(changed)
  const penalties = createPeerPenalties(clock, log)
  const permit = createSyncPermit(clock)
  const journal = openJournal({
    doc,
    storage,
    clock,
    log,
    compactAfter: options.compactAfter ?? defaults.compactAfter,
    held,
    saved: vectorOf(doc),
    changed,
    isReceiving: () => permit.isHeld,
  })

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
      retryHeld()
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

  const retryHeld = (): void => {
    const waiting = held.splice(0)
    held.push(...waiting.filter((update) => !applyWhole(doc, update, storageOrigin, log)))
  }
  const onTransaction = (transaction: Y.Transaction): void => {
    const origin: unknown = transaction.origin
    if (origin === remoteOrigin || origin === storageOrigin) return
    const update = updateOf(transaction)
    if (update === undefined) return
    if (options.derivedOrigin === undefined || origin !== options.derivedOrigin) outbox.add(update)
    // Nobody waits for it; the journal logs a failure, and saves it again.
    else journal.save(update).catch(() => undefined)
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
  await bus.handle(`replica/${name}`, (request, { from }) => answer(answering, request, from))
  // A damaged log is written anew at once, and what was in the document before the disk was loaded is written.
  if (prefilled || storage.status().damaged > 0) void journal.compact()

  const becomingReady = exchange
    .start(
      options.antiEntropyInterval ?? defaults.antiEntropyInterval,
      options.discoveryWindow ?? defaults.discoveryWindow,
    )
    .then(() => {
      ready = true
      changed()
    })

  const waitFor = async (deliveries: Deliveries, writeOptions: WriteOptions): Promise<Acknowledgement> => {
    const concern = concernOf(writeOptions)
    const others = otherMembers(bus)
    const patience = deadline(clock, options.writeTimeout ?? defaults.writeTimeout)
    const stopListening =
      writeOptions.signal === undefined ? undefined : onAbort(writeOptions.signal, patience.giveUp)
    try {
      return await acknowledged(deliveries, { self: bus.self.id, concern, others, signal: patience.signal })
    } finally {
      patience.end()
      stopListening?.()
    }
  }
  const concernOf = (writeOptions: WriteOptions): WriteConcern =>
    writeOptions.concern ?? options.concern ?? defaults.concern

  const close = async (): Promise<void> => {
    if (signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    doc.off('afterTransactionCleanup', onTransaction)
    unsubscribe()
    await outbox.close()
    digest.close()
    events.close()
    await journal.close()
  }

  return {
    ready: becomingReady,
    status,
    on: events.on,
    write: async (change, writeOptions = {}) => {
      checkConcern(writeOptions.concern)
      if (concernOf(writeOptions) === 'majority' && bus.members === undefined)
        throw new InvalidOptionError('concern', 'majority', 'with a bus that tells its members')
      if (signal.aborted) throw new ReplicaClosedError()
      if (journal.state === 'failing')
        throw new StorageUnavailableError('the disk does not take writes; nothing was written')
      const value = doc.transact(change, localOrigin)
      const deliveries = await outbox.flushed()
      return { value, acknowledgement: await waitFor(deliveries, writeOptions) }
    },
    compact: journal.compact,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const otherMembers = (bus: Bus): readonly string[] =>
  (bus.members?.() ?? []).flatMap(({ id, state }) => (id === bus.self.id || state === 'left' ? [] : [id]))

const localOrigin = Symbol('local')
const remoteOrigin = Symbol('remote')
const storageOrigin = Symbol('storage')
const repairOrigin = Symbol('repair')
