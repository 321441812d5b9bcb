import type { Clock } from '@grapevine/std'
import { checkDisk, type DiskOptions } from '../config.ts'
import { between, type Random } from '../random.ts'
import type { VirtualFile, VirtualFiles } from './files.ts'
import { virtualInode, type VirtualInode } from './virtual-inode.ts'
import { virtualNames, type VirtualNames } from './virtual-names.ts'

/** What calls that write fail with: `ENOSPC`, or `EIO` and what was to be flushed is lost. */
export type DiskTrouble = 'full' | 'broken'

/** Who uses the disk. Once it is killed, none of its calls comes back. */
export interface DiskProcess {
  /** Calls until it is killed. Below 0 it is dead, and what was under way does not come back either. */
  left: number
  /** Each call takes its time by it: that of a host, which waits while the host is paused. @default calls take none */
  readonly clock?: Clock
}

/** A disk that can lose power, be full or broken, rot, and be copied. */
export interface VirtualDisk {
  /** The file system as this process sees it. */
  mount(process: DiskProcess): VirtualFiles
  /**
   * Of what was not flushed, each name and each sector for itself is there or not: writes are torn and lost.
   *
   * @param random - what decides. @default the disk's own
   */
  losePower(random?: Random): void
  /**
   * Turns over one bit of one file.
   *
   * @param isSubject - which files may be struck. @default all
   * @returns its path, or `undefined` where there is no such file
   */
  rot(isSubject?: (path: string) => boolean): string | undefined
  /** Lasts until it is `undefined` again. */
  trouble: DiskTrouble | undefined
  /** A disk with what this one has on it when it is unplugged: who starts from it is a clone. */
  clone(): VirtualDisk
  /** What is on another disk, in the place of what was there: who starts from it is a clone. */
  restore(from: Pick<VirtualDisk, 'paths' | 'content'>): void
  /** As after a replacement: nothing is there. */
  wipe(): void
  readonly paths: readonly string[]
  /** Content as the kernel shows it. */
  content(path: string): Buffer
}

const flushFactor = 20

export const createVirtualDisk = (options: DiskOptions): VirtualDisk => {
  checkDisk(options)
  return diskOf(options, virtualNames())
}

const diskOf = (options: DiskOptions, initial: VirtualNames): VirtualDisk => {
  const { random } = options
  let names = initial
  let trouble: DiskTrouble | undefined
  const failing = (): DiskTrouble | undefined => trouble
  const found = (path: string): VirtualInode => {
    const inode = names.get(path)
    if (inode === undefined) throw failure('ENOENT', `open ${path}`)
    return inode
  }

  return {
    mount: (process) => {
      const takeTurn = turnsOf(process, options)
      const openInode = fileOpener(random, takeTurn, failing)
      return {
        createFolder: async () => await takeTurn(),
        list: async (folder) => {
          await takeTurn()
          return names.in(folder)
        },
        open: async (path, mode) => {
          await takeTurn()
          if (mode !== 'create') return openInode(found(path))
          if (trouble !== undefined) throw failureOf(trouble, 'open')
          const inode = names.get(path) ?? virtualInode()
          names.set(path, inode)
          inode.cut(0)
          return openInode(inode)
        },
        rename: async (from, to) => {
          await takeTurn()
          if (trouble !== undefined) throw failureOf(trouble, 'rename')
          const inode = found(from)
          names.delete(from)
          names.set(to, inode)
        },
        remove: async (path) => {
          await takeTurn()
          if (trouble === 'broken') throw failureOf(trouble, 'unlink')
          names.delete(path)
        },
        syncFolder: async (folder) => {
          await takeTurn(flushFactor)
          if (trouble !== undefined) throw failureOf(trouble, 'fsync')
          names.flush(folder)
        },
      }
    },
    losePower: (chance = random) => {
      names.losePower(chance)
      for (const inode of names.inodes()) inode.losePower(chance)
    },
    rot: (isSubject = () => true) => {
      const paths = names.paths().filter(isSubject)
      const path = paths[Math.floor(random() * paths.length)]
      if (path !== undefined) found(path).rot(random)
      return path
    },
    get trouble() {
      return trouble
    },
    set trouble(next) {
      trouble = next
    },
    clone: () =>
      diskOf(
        options,
        virtualNames(names.paths().map((path) => [path, virtualInode(found(path).shown)] as const)),
      ),
    restore: (from) => {
      names = virtualNames(from.paths.map((path) => [path, virtualInode(from.content(path))] as const))
    },
    wipe: () => {
      names = virtualNames()
    },
    get paths() {
      return names.paths()
    },
    content: (path) => found(path).shown,
  }
}

type TakeTurn = (times?: number) => Promise<void>

const turnsOf =
  (process: DiskProcess, { random, delay = [0.01, 0.1] }: DiskOptions): TakeTurn =>
  async (times = 1) => {
    process.left -= 1
    if (process.left < 0) await neverAgain
    const { clock } = process
    if (clock === undefined) return await Promise.resolve()
    const ms = times * between(random, ...delay)
    await new Promise<void>((resolve) => void clock.after(ms, resolve))
    if (process.left < 0) await neverAgain
  }

const neverAgain = new Promise<never>(() => undefined)

const fileOpener =
  (random: Random, takeTurn: TakeTurn, trouble: () => DiskTrouble | undefined) =>
  (inode: VirtualInode): VirtualFile => ({
    size: async () => {
      await takeTurn()
      return inode.shown.length
    },
    read: async (length, position) => {
      await takeTurn()
      return Buffer.from(inode.shown.subarray(position, position + length))
    },
    write: async (bytes, position) => {
      await takeTurn()
      const failing = trouble()
      // Short now and then; what a failing write left behind nobody knows.
      const isWhole = failing === undefined && random() < 0.8
      const taken = isWhole ? bytes.length : Math.ceil(random() * bytes.length)
      if (failing === undefined || random() < 0.5) inode.write(bytes.subarray(0, taken), position)
      if (failing !== undefined) throw failureOf(failing, 'write')
      return taken
    },
    cut: async (length) => {
      await takeTurn()
      if (trouble() === 'broken') throw failureOf('broken', 'ftruncate')
      inode.cut(length)
    },
    sync: async () => {
      await takeTurn(flushFactor)
      const failing = trouble()
      if (failing === undefined) return inode.flush()
      inode.failToFlush(random)
      throw failureOf(failing, 'fdatasync')
    },
    close: async () => await takeTurn(),
  })

const failureOf = (trouble: DiskTrouble, syscall: string): Error =>
  failure(trouble === 'full' ? 'ENOSPC' : 'EIO', syscall)

const failure = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: virtual disk, ${syscall}`), { code, syscall })
