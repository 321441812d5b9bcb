/** Those who want to be told of something. */
export interface Listeners<Arguments extends readonly unknown[]> {
  /** @returns how to stop listening */
  add(listener: (...told: Arguments) => void): () => void
  tell(...told: Arguments): void
  clear(): void
}

/** One that throws keeps nothing from the others, nor from whoever tells: what is held must not depend on who reads it. */
export const createListeners = <Arguments extends readonly unknown[]>(
  failed: (error: unknown) => void,
): Listeners<Arguments> => {
  const listeners = new Set<(...told: Arguments) => void>()
  return {
    add: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell: (...told) => {
      for (const listener of listeners) {
        try {
          listener(...told)
        } catch (error) {
          failed(error)
        }
      }
    },
    clear: () => listeners.clear(),
  }
}
