import type { MembershipEvent } from './core/state.ts'

export type MembershipListener<T extends MembershipEvent['type']> = (
  event: Extract<MembershipEvent, { type: T }>,
) => void

/** Typed events; those about one member arrive in the order in which they happened. */
export interface Emitter {
  on<T extends MembershipEvent['type']>(type: T, listener: MembershipListener<T>): () => void
  emit(event: MembershipEvent): void
}

export const createEmitter = (): Emitter => {
  const listeners = new Map<string, Set<(event: never) => void>>()
  return {
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set.add(listener))
      return () => void set.delete(listener)
    },
    emit: (event) => {
      for (const listener of listeners.get(event.type) ?? []) listener(event as never)
    },
  }
}
