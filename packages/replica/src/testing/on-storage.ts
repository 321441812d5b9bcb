import type { Replica } from '../documents/replicate.ts'
import type { Storage } from '../storage/storage.ts'

/** The replica, and with it the storage that was opened for it. */
export const onStorage = (replica: Replica, storage: Storage): Replica => {
  const close = async (): Promise<void> => {
    await replica.close()
    await storage.close()
  }
  return { ...replica, close, [Symbol.asyncDispose]: close }
}
