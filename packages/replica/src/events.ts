import type { Clock } from '@grapevine/std'
import type { ReplicaStatus } from './status.ts'

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

export interface Events {
  on<T extends keyof ReplicaEvents>(type: T, listener: (event: ReplicaEvents[T]) => void): () => void
  emit<T extends keyof ReplicaEvents>(type: T, event: ReplicaEvents[T]): void
  /** The status may have changed. */
  changed(): void
  close(): void
}

const together = 20

export const createEvents = (clock: Clock, status: () => ReplicaStatus): Events => {
  const listeners: { [T in keyof ReplicaEvents]: Set<(event: ReplicaEvents[T]) => void> } = {
    status: new Set(),
    refused: new Set(),
    diverged: new Set(),
    repaired: new Set(),
  }
  let cancel: (() => void) | undefined
  let told = ''
  const emit: Events['emit'] = (type, event) => {
    for (const listener of listeners[type]) listener(event)
  }
  const tell = (): void => {
    cancel = undefined
    const current = status()
    const { lastExchange, ...rest } = current
    const signature = JSON.stringify([rest, lastExchange?.member])
    if (signature === told) return
    told = signature
    emit('status', current)
  }
  return {
    on: (type, listener) => {
      listeners[type].add(listener)
      return () => void listeners[type].delete(listener)
    },
    emit,
    changed: () => {
      if (listeners.status.size > 0) cancel ??= clock.after(together, tell)
    },
    close: () => cancel?.(),
  }
}
