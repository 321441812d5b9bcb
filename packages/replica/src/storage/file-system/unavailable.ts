import { codeOf, reasonOf } from '@grapevine/std'
import { StorageUnavailableError } from '../../errors.ts'

/** Tells a failure of the file system as the storage's; all other errors are passed on as they are. */
export const unavailable =
  (what: string) =>
  (cause: unknown): never => {
    if (!isOfFileSystem(cause)) throw cause
    throw new StorageUnavailableError(`${what}: ${reasonOf(cause)}`, { cause })
  }

const isOfFileSystem = (error: unknown): boolean =>
  codeOf(error) !== undefined && typeof error === 'object' && error !== null && 'syscall' in error
