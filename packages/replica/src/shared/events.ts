import type { Clock } from '@grapevine/std'

/** Something that happened, told to whoever listens to it. */
export interface Signal {
  fire(): void
  /** @returns how to stop listening */
  on(listener: () => void): () => void
}

export const createSignal = (): Signal => {
  const listeners = new Set<() => void>()
  return {
    fire: () => {
      for (const listener of listeners) listener()
    },
    on: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Types of events by name. */
export interface Events<E extends object> {
  /** @returns how to stop listening */
  on<T extends keyof E>(type: T, listener: (event: E[T]) => void): () => void
  emit<T extends keyof E>(type: T, event: E[T]): void
  isHeard(type: keyof E): boolean
}

export const createEvents = <E extends object>(): Events<E> => {
  const listeners = new Map<keyof E, Set<(event: never) => void>>()
  return {
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set.add(listener))
      return () => void set.delete(listener)
    },
    emit: (type, event) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `on` put it under the type of its event
      for (const listener of listeners.get(type) ?? []) listener(event as never)
    },
    isHeard: (type) => (listeners.get(type)?.size ?? 0) > 0,
  }
}

export interface StatusTelling<Status> {
  readonly events: Events<{ readonly status: Status }>
  /** The status may be another. */
  readonly changes: Signal
  readonly clock: Clock
  readonly status: () => Status
  /** Equal for two statuses between which nothing happened. */
  readonly signatureOf: (status: Status) => string
}

/** Milliseconds within which changes are told together. */
const together = 20

/** Tells the status as an event, each time that it is another. @returns how to stop */
export const tellStatus = <Status>(telling: StatusTelling<Status>): (() => void) => {
  const { events, changes, clock, status, signatureOf } = telling
  let cancel: (() => void) | undefined
  let told = ''
  const tell = (): void => {
    cancel = undefined
    const current = status()
    const signature = signatureOf(current)
    if (signature === told) return
    told = signature
    events.emit('status', current)
  }
  const stop = changes.on(() => {
    if (events.isHeard('status')) cancel ??= clock.after(together, tell)
  })
  return () => {
    stop()
    cancel?.()
  }
}
