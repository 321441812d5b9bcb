import type { MembershipEvent } from '../core/state/effect.ts'

export type MembershipListener = (event: MembershipEvent) => void

/** Events by type; those about one member arrive in the order in which they happened. */
export interface Emitter {
  /** @returns how to stop listening */
  on(type: MembershipEvent['type'], listener: MembershipListener): () => void
  emit(event: MembershipEvent): void
}

/** @param onThrow - told of what a listener throws; the other listeners are called all the same */
export const createEmitter = (onThrow: (error: unknown) => void): Emitter => {
  const listeners = new Map<MembershipEvent['type'], Set<MembershipListener>>()
  return {
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set.add(listener))
      return () => void set.delete(listener)
    },
    emit: (event) => {
      for (const listener of listeners.get(event.type) ?? []) {
        try {
          listener(event)
        } catch (error) {
          onThrow(error)
        }
      }
    },
  }
}
