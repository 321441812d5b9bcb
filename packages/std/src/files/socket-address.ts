import { closeSync, openSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'

/** Bytes that an address of a Unix socket may have everywhere (`sun_path`, 104 on macOS with its end, 108 on Linux). */
const longest = 103

export interface SocketAddress {
  /** For `listen` or `connect`. */
  readonly address: string
  /** When no longer listened at, or once connected; more than once does no harm. */
  release(): void
}

/**
 * A short address of a Unix socket whose path may be longer than the system takes: on Linux by way of its open folder, elsewhere
 * relative to the working folder, if that is shorter.
 *
 * @throws what opening the folder throws
 */
export const socketAddress = (path: string): SocketAddress => {
  const nothing = (): void => undefined
  if (Buffer.byteLength(path) <= longest) return { address: path, release: nothing }
  if (process.platform !== 'linux') return { address: relative(process.cwd(), path), release: nothing }
  const folder = openSync(dirname(path), 'r')
  let isOpen = true
  const release = (): void => {
    // A second close could be that of a file which has the number by then.
    if (isOpen) closeSync(folder)
    isOpen = false
  }
  return { address: `/proc/self/fd/${folder}/${basename(path)}`, release }
}
