import { basename } from 'node:path'
import { virtualInode, type VirtualInode } from './virtual-inode.ts'
import type { Random } from '@grapevine/simulation'
import type { Files, OpenFile } from '../storage/file/files.ts'

/** One folder on a disk that can lose power, be full, and fail to flush. */
export interface VirtualDrive {
  /** The file system as a process sees it, until that is killed: then none of its calls comes back. */
  mount(process: VirtualProcess): Files
  /** What was not flushed is there or not, each name and each sector for itself. */
  losePower(): void
  /** Turns over one bit of one file. @returns the file's name */
  rot(): string | undefined
  /** Calls that write fail, with what a full or broken disk says. */
  trouble: Trouble | undefined
  readonly names: readonly string[]
  /** Content as the kernel shows it. */
  content(name: string): Buffer
}

export type Trouble = 'full' | 'broken'

export interface VirtualProcess {
  /** Calls after which it is killed. */
  left: number
}

export const virtualDrive = (random: Random): VirtualDrive => {
  const shown = new Map<string, VirtualInode>()
  const durable = new Map<string, VirtualInode>()
  let trouble: Trouble | undefined

  const fail = (syscall: string): never => {
    const code = trouble === 'full' ? 'ENOSPC' : 'EIO'
    throw Object.assign(new Error(`${code}: virtual, ${syscall}`), { code, syscall })
  }
  const found = (name: string): VirtualInode => {
    const inode = shown.get(name)
    if (inode !== undefined) return inode
    throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT', syscall: 'open' })
  }

  const openInode = (inode: VirtualInode, turn: () => Promise<void>): OpenFile => ({
    size: async () => {
      await turn()
      return inode.shown.length
    },
    read: async (length, position) => {
      await turn()
      return Buffer.from(inode.shown.subarray(position, position + length))
    },
    write: async (bytes, position) => {
      await turn()
      // Short now and then; what a failing write left behind nobody knows.
      const isWhole = trouble === undefined && random() < 0.8
      const taken = isWhole ? bytes.length : Math.ceil(random() * bytes.length)
      if (trouble === undefined || random() < 0.5) inode.write(bytes.subarray(0, taken), position)
      if (trouble !== undefined) fail('write')
      return taken
    },
    cut: async (length) => {
      await turn()
      if (trouble === 'broken') fail('ftruncate')
      inode.cut(length)
    },
    sync: async () => {
      await turn()
      if (trouble === undefined) return inode.flush()
      inode.failToFlush(random)
      fail('fdatasync')
    },
    close: turn,
  })

  const mount = (process: VirtualProcess): Files => {
    const turn = async (): Promise<void> => {
      process.left -= 1
      if (process.left < 0) await new Promise(() => undefined)
      await Promise.resolve()
    }
    return {
      createFolder: turn,
      list: async () => {
        await turn()
        return [...shown.keys()]
      },
      open: async (path, mode) => {
        await turn()
        const name = basename(path)
        if (mode !== 'create') return openInode(found(name), turn)
        if (trouble !== undefined) fail('open')
        const inode = shown.get(name) ?? virtualInode()
        shown.set(name, inode)
        inode.cut(0)
        return openInode(inode, turn)
      },
      rename: async (from, to) => {
        await turn()
        if (trouble !== undefined) fail('rename')
        const inode = found(basename(from))
        shown.delete(basename(from))
        shown.set(basename(to), inode)
      },
      remove: async (path) => {
        await turn()
        if (trouble === 'broken') fail('unlink')
        shown.delete(basename(path))
      },
      syncFolder: async () => {
        await turn()
        if (trouble !== undefined) fail('fsync')
        durable.clear()
        for (const [name, inode] of shown) durable.set(name, inode)
      },
    }
  }

  return {
    mount,
    losePower: () => {
      for (const name of new Set([...shown.keys(), ...durable.keys()])) {
        const kept = random() < 0.5 ? shown.get(name) : durable.get(name)
        if (kept === undefined) durable.delete(name)
        else durable.set(name, kept)
      }
      shown.clear()
      for (const [name, inode] of durable) shown.set(name, inode)
      for (const inode of new Set(shown.values())) inode.losePower(random)
    },
    rot: () => {
      const names = [...shown.keys()].filter((name) => name !== 'HEAD')
      const name = names[Math.floor(random() * names.length)]
      if (name !== undefined) shown.get(name)?.rot(random)
      return name
    },
    get trouble() {
      return trouble
    },
    set trouble(next) {
      trouble = next
    },
    get names() {
      return [...shown.keys()]
    },
    content: (name) => found(name).shown,
  }
}
