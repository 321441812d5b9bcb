import type { Clock } from '@grapevine/std'
import type { ReplicaStatus } from '../documents/status.ts'

export interface ReplicaEvents {
  /** The status is another than at the last such event; changes within 20 ms are told together. */
  readonly status: ReplicaStatus
  /** A foreign update was refused; `member` is unknown for gossip. */
  readonly refused: { readonly member: string | undefined; readonly reason: string }
  /** A member holds other content under the same ids. */
  readonly diverged: { readonly member: string }
  /** Entries that a member lacked were inserted anew. */
  readonly repaired: { readonly member: string; readonly entries: number; readonly unrepaired: number }
}

/** Types of events by name; `status` is told by itself, whenever it may have changed. */
export interface Events<E extends { readonly status: object }> {
  on<T extends keyof E>(type: T, listener: (event: E[T]) => void): () => void
  emit<T extends keyof E>(type: T, event: E[T]): void
  /** The status may have changed. */
  changed(): void
  close(): void
}

const together = 20

/** @param signatureOf - equal for two statuses between which nothing happened */
export const createEvents = <E extends { readonly status: object }>(
  clock: Clock,
  status: () => E['status'],
  signatureOf: (status: E['status']) => string,
): Events<E> => {
  const listeners = new Map<keyof E, Set<(event: never) => void>>()
  let cancel: (() => void) | undefined
  let told = ''
  const emit: Events<E>['emit'] = (type, event) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `on` put it under the type of its event
    for (const listener of listeners.get(type) ?? []) listener(event as never)
  }
  const tell = (): void => {
    cancel = undefined
    const current = status()
    const signature = signatureOf(current)
    if (signature === told) return
    told = signature
    emit('status', current)
  }
  return {
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set.add(listener))
      return () => void set.delete(listener)
    },
    emit,
    changed: () => {
      if ((listeners.get('status')?.size ?? 0) > 0) cancel ??= clock.after(together, tell)
    },
    close: () => cancel?.(),
  }
}
