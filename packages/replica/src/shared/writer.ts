import { deadline, InvalidOptionError, onAbort, shown, type Clock } from '@grapevine/std'
import { checkWriteOptions, type Settings, type WriteOptions } from '../config.ts'
import { AsyncChangeError, ReplicaClosedError, StorageUnavailableError } from '../errors.ts'
import { acknowledged, type Deliveries } from './acknowledgements.ts'
import type { Bus } from '../bus.ts'
import type { Acknowledgement, WriteConcern } from '../write-concern.ts'

/** What a change may return: anything but a promise, as it is one transaction of the document. */
export type Synchronous<T> = T extends PromiseLike<unknown> ? never : T

/** What a write came to. */
export interface Written<T> {
  readonly value: T
  readonly acknowledgement: Acknowledgement
}

export type Write = <T>(change: () => Synchronous<T>, options?: WriteOptions) => Promise<Written<T>>

export interface WriterContext {
  readonly bus: Bus
  readonly journal: { readonly state: 'keeping' | 'failing' }
  readonly settings: Pick<Settings, 'concern' | 'writeTimeout'>
  readonly clock: Clock
  /** Aborted when the replica is closed. */
  readonly signal: AbortSignal
  /** Runs the change, as one transaction. */
  readonly perform: <T>(change: () => T) => T
  /** Resolves when what was just performed is on this node's disk, with how it fares elsewhere. */
  readonly sent: () => Promise<Deliveries>
  /**
   * A write that was acknowledged, by whom of those whom it was sent to.
   *
   * @param isOver - all of them were waited for: the others did not confirm in time
   */
  readonly acknowledged?: (acknowledgement: Acknowledgement, deliveries: Deliveries, isOver: boolean) => void
}

export const createWriter = (context: WriterContext): Write => {
  const { settings, perform, sent } = context
  return async (change, options = {}) => {
    checkWriteOptions(options)
    const { concern = settings.concern } = options
    checkWritable(context, concern)
    refuseAsync(change)
    const value = perform(change)
    refusePromise(value)
    const deliveries = await sent()
    const acknowledgement = await waitFor(context, deliveries, concern, options.signal)
    context.acknowledged?.(acknowledgement, deliveries, concern === 'reachable')
    return { value, acknowledgement }
  }
}

const checkWritable = ({ bus, journal, signal }: WriterContext, concern: WriteConcern): void => {
  if (concern === 'majority' && bus.members === undefined)
    throw new InvalidOptionError('concern', shown(concern), 'with a bus that tells its members')
  if (signal.aborted) throw new ReplicaClosedError()
  if (journal.state === 'failing')
    throw new StorageUnavailableError('the disk does not take writes; nothing was written')
}

/** It says so itself, before it has changed anything. */
const refuseAsync = (change: () => unknown): void => {
  if (Object.prototype.toString.call(change) === '[object AsyncFunction]')
    throw new AsyncChangeError('nothing was written')
}

/** Any other function shows only by what it returns that it goes on; Yjs cannot take back what it changed by then. */
const refusePromise = (value: unknown): void => {
  if (!isThenable(value)) return
  // How it ends is not waited for, and must not end the process.
  value.then(undefined, () => undefined)
  throw new AsyncChangeError(
    'what it changed before it returned is in the document, and spreads as any change without a write',
  )
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const waitFor = async (
  { bus, clock, settings }: WriterContext,
  deliveries: Deliveries,
  concern: WriteConcern,
  signal: AbortSignal | undefined,
): Promise<Acknowledgement> => {
  const others = otherMembers(bus)
  const patience = deadline(clock, settings.writeTimeout)
  const stopListening = signal === undefined ? undefined : onAbort(signal, patience.giveUp)
  try {
    return await acknowledged(deliveries, { self: bus.self.id, concern, others, signal: patience.signal })
  } finally {
    patience.end()
    stopListening?.()
  }
}

const otherMembers = (bus: Bus): readonly string[] =>
  (bus.members?.() ?? []).flatMap(({ id, state }) => (id === bus.self.id || state === 'left' ? [] : [id]))
