import { open } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A folder by a path that is short enough for the sockets in it. */
export interface SocketFolder {
  pathOf(name: string): string
  close(): Promise<void>
}

/** `sun_path` has 108 bytes on Linux, 104 on macOS, with the zero at its end. */
const mostBytes = 103

/** @param longest - bytes of the longest name in it @returns undefined if there is no path that is short enough */
export const socketFolder = async (folder: string, longest: number): Promise<SocketFolder | undefined> => {
  const isShort = (path: string): boolean => Buffer.byteLength(path) + 1 + longest <= mostBytes
  for (const path of [folder, relative(process.cwd(), folder)])
    if (isShort(path))
      return { pathOf: (name) => join(path === '' ? '.' : path, name), close: async () => {} }
  if (process.platform !== 'linux') return undefined
  // The kernel resolves it to the folder, however deep that lies.
  const handle = await open(folder, 'r')
  return { pathOf: (name) => `/proc/self/fd/${handle.fd}/${name}`, close: () => handle.close() }
}
