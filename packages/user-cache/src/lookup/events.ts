import type { User } from '../user.ts'

/** What changed, told after the look-ups answer accordingly. For local and merged facts alike. */
export type UserEvent =
  | { readonly type: 'user:registered'; readonly user: User }
  | { readonly type: 'user:changed'; readonly user: User; readonly previous: User }
  /** No longer live. */
  | { readonly type: 'user:erased'; readonly id: string }
  /** One more account claims a name (given normalised) that others claim too. Owner first. */
  | { readonly type: 'name:contested'; readonly name: string; readonly claimants: readonly User[] }

export type UserEventType = UserEvent['type']
export type UserEventOf<T extends UserEventType> = Extract<UserEvent, { type: T }>

export interface Events {
  on<T extends UserEventType>(type: T, listener: (event: UserEventOf<T>) => void): () => void
  emit(events: readonly UserEvent[]): void
  /** Whether anybody listens. */
  readonly isHeard: boolean
  clear(): void
}

/**
 * A listener that throws stops neither the others nor the write that it hears of: the fact is in the document
 * already. Its error goes to `onListenerError`.
 */
export const createEvents = (onListenerError: (error: unknown) => void): Events => {
  const subscriptions = new Set<(event: UserEvent) => void>()

  const deliver = (event: UserEvent, listener: (event: UserEvent) => void): void => {
    try {
      listener(event)
    } catch (error) {
      onListenerError(error)
    }
  }

  return {
    on(type, listener) {
      const subscription = (event: UserEvent): void => {
        if (isOfType(event, type)) listener(event)
      }
      subscriptions.add(subscription)
      return () => void subscriptions.delete(subscription)
    },
    emit(events) {
      for (const event of events) for (const listener of subscriptions) deliver(event, listener)
    },
    get isHeard() {
      return subscriptions.size > 0
    },
    clear: () => subscriptions.clear(),
  }
}

const isOfType = <T extends UserEventType>(event: UserEvent, type: T): event is UserEventOf<T> =>
  event.type === type
