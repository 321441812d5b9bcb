/** Those who want to be told of something. */
export interface Listeners<Arguments extends readonly unknown[]> {
  /** @returns how to stop listening */
  add(listener: (...told: Arguments) => void): () => void
  tell(...told: Arguments): void
  clear(): void
}

export const createListeners = <Arguments extends readonly unknown[]>(): Listeners<Arguments> => {
  const listeners = new Set<(...told: Arguments) => void>()
  return {
    add: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell: (...told) => {
      for (const listener of listeners) listener(...told)
    },
    clear: () => listeners.clear(),
  }
}
