import { cp } from 'node:fs/promises'

/** As an operator copies a data folder: all but the sockets and locks of who runs there. */
export const copyFolder = async (from: string, to: string): Promise<void> =>
  await cp(from, to, { recursive: true, filter: (path) => !/\.(sock|lock)$/.test(path) })
