import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '@grapevine/std'
import { UnsupportedFaultError } from '../errors.ts'
import type { Reaper } from '../reaper/reaper.ts'
import { systemCommand } from '../process/system-command.ts'

/** The data folders of the nodes. */
export interface Disks {
  /** Makes a node's folder, empty. @throws SystemCommandError if it was to be a disk and may not be mounted */
  open(node: string): Promise<string>
  /** Takes all space that is left on a node's disk. @throws UnsupportedFaultError if it has none of its own */
  fill(node: string): Promise<void>
  /** Gives back what was taken. */
  free(): Promise<void>
  /** Removes the folder of a node that could not be started. */
  remove(node: string): Promise<void>
  /** No node runs any more. */
  close(): Promise<void>
}

const filler = '.local-cluster-filler'

export const createDisks = (folder: string, diskMb: number | undefined, reaper: Reaper): Disks => {
  const mounted = new Set<string>()
  const filled = new Set<string>()
  const pathOf = (node: string): string => join(folder, node)
  const unmount = async (path: string): Promise<void> => {
    if (!mounted.has(path)) return
    await systemCommand('umount', ['--lazy', path])
    mounted.delete(path)
    reaper.forgetMount(path)
  }

  return {
    open: async (node) => {
      const path = pathOf(node)
      await mkdir(path)
      if (diskMb === undefined) return path
      reaper.watchMount(path)
      await systemCommand('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m,mode=0700`, 'tmpfs', path])
      mounted.add(path)
      return path
    },
    fill: async (node) => {
      const path = pathOf(node)
      if (!mounted.has(path))
        throw new UnsupportedFaultError('fill a disk that others share', 'none', 'a cluster with diskMb')
      filled.add(path)
      await fill(join(path, filler))
    },
    free: async () => {
      for (const path of filled) {
        await rm(join(path, filler), { force: true })
        filled.delete(path)
      }
    },
    remove: async (node) => {
      await unmount(pathOf(node))
      filled.delete(pathOf(node))
      await rm(pathOf(node), { recursive: true, force: true })
    },
    close: async () => {
      for (const path of mounted) await unmount(path)
    },
  }
}

/** Big pieces first, then small ones: not a byte is to be left. */
const fill = async (path: string): Promise<void> => {
  const file = await open(path, 'a')
  try {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const piece = Buffer.alloc(size)
      while (await fits(async () => (await file.write(piece)).bytesWritten === size));
    }
  } finally {
    await file.close()
  }
}

const fits = async (write: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await write()
  } catch (error) {
    if (codeOf(error) === 'ENOSPC') return false
    throw error
  }
}
