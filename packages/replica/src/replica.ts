import * as Y from 'yjs'
import { acknowledged, type Deliveries } from './acknowledgements.ts'
import { contentDigest } from './digest.ts'
import { createExchange } from './exchange.ts'
import { createInbox } from './inbox.ts'
import { openJournal } from './journal.ts'
import { reasonOf, silentLog } from './log.ts'
import { createOutbox } from './outbox.ts'
import { ReplicaClosedError, StorageUnavailableError } from './errors.ts'
import { memoryStorage } from './storage/memory.ts'
import type { Bus } from './bus.ts'
import type { ReplicaOptions, WriteConcern } from './config.ts'

/** Who is known to have a write on disk, this node first, and which reachable members are not known to. */
export interface Acknowledgement {
  readonly members: readonly string[]
  readonly missing: readonly string[]
}

export interface WriteOptions {
  /** @default the replica's concern */
  readonly concern?: WriteConcern
  /** Ends the wait for other members early, as the write time-out does. */
  readonly signal?: AbortSignal
}

export interface ReplicaStatus {
  /** Own disk loaded, and one full exchange with a member or nobody there to exchange with. */
  readonly ready: boolean
  /** `failing`: writes are refused, reads go on. */
  readonly storage: 'keeping' | 'failing'
  /** Equal on two members exactly when their documents are. */
  readonly digest: string
  /** Foreign updates refused since the start. */
  readonly refused: number
  /** Bytes of document content received and sent since the start, without framing. */
  readonly bytesIn: number
  readonly bytesOut: number
}

export interface Replica extends AsyncDisposable {
  /** Resolves when {@link ReplicaStatus.ready} holds. */
  readonly ready: Promise<void>
  status(): ReplicaStatus
  /**
   * Changes the document and resolves when the change is on this node's disk and on as many others as the
   * concern asks for, with who has it.
   *
   * @throws StorageUnavailableError, ReplicaClosedError: not written, not acknowledged
   * @throws WriteConcernError: written here, on fewer members than asked for
   */
  write<T>(change: () => T, options?: WriteOptions): Promise<{ value: T; acknowledgement: Acknowledgement }>
  close(): Promise<void>
}

/** Keeps the document the same on every member of the bus, and on this node's disk. */
export const replicate = async (doc: Y.Doc, bus: Bus, options: ReplicaOptions): Promise<Replica> => {
  const log = options.log ?? silentLog
  const storage = options.storage ?? memoryStorage()
  const stopped = new AbortController()
  const traffic = { refused: 0, bytesIn: 0, bytesOut: 0 }

  for await (const update of storage.load()) Y.applyUpdate(doc, update, storageOrigin)
  const digest = contentDigest(doc)
  const journal = openJournal(doc, storage, log)
  const inbox = createInbox({ doc, journal, policy: options.policy, traffic, log, origin: remoteOrigin })
  const exchange = createExchange({
    doc,
    bus,
    digest,
    inbox,
    name: options.name,
    traffic,
    signal: stopped.signal,
    log,
  })
  const outbox = createOutbox({ bus, journal, name: options.name, traffic, signal: stopped.signal, log })

  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== remoteOrigin && origin !== storageOrigin) outbox.add(update)
  }
  doc.on('update', onUpdate)
  const unsubscribe = bus.topic(options.name).subscribe((bytes) => {
    inbox
      .take(bytes)
      .catch((error: unknown) => log.debug({ reason: reasonOf(error) }, 'a gossiped change was not taken'))
  })
  await bus.handle(`replica/${options.name}`, exchange.answer)

  let ready = false
  const becomingReady = exchange
    .start(options.antiEntropyInterval ?? 2_000, options.discoveryWindow ?? 1_500)
    .then(() => {
      ready = true
    })

  const waitFor = (deliveries: Deliveries, { concern, signal }: WriteOptions): Promise<Acknowledgement> => {
    const timeout = AbortSignal.timeout(options.writeTimeout ?? 2_000)
    const patience = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
    return acknowledged(bus.self.id, deliveries, concern ?? options.concern ?? 'reachable', patience)
  }

  const close = async (): Promise<void> => {
    if (stopped.signal.aborted) return
    stopped.abort(new ReplicaClosedError())
    doc.off('update', onUpdate)
    unsubscribe()
    await outbox.close()
    digest.close()
    await journal.close()
  }

  return {
    ready: becomingReady,
    status: () => ({ ready, storage: journal.state, digest: digest.value(), ...traffic }),
    write: async (change, writeOptions = {}) => {
      if (stopped.signal.aborted) throw new ReplicaClosedError()
      if (journal.state === 'failing')
        throw new StorageUnavailableError('the disk does not take writes; nothing was written')
      const value = doc.transact(change, localOrigin)
      const deliveries = await outbox.flushed()
      return { value, acknowledgement: await waitFor(deliveries, writeOptions) }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const localOrigin = Symbol('local')
const remoteOrigin = Symbol('remote')
const storageOrigin = Symbol('storage')
