import type { Storage } from './storage.ts'

/** Keeps nothing: for tests, and for members that may start empty. */
export const memoryStorage = (): Storage => ({
  // eslint-disable-next-line require-yield
  load: async function* () {
    return
  },
  append: async () => undefined,
  close: async () => undefined,
})
