import { dirname, normalize, relative, sep } from 'node:path'
import type { Random } from '../random.ts'
import type { VirtualInode } from './virtual-inode.ts'

/** The names of a disk, by whole path: as the kernel shows them, and as they are after a loss of power. */
export interface VirtualNames {
  get(path: string): VirtualInode | undefined
  set(path: string, inode: VirtualInode): void
  delete(path: string): void
  /** Names of files and folders in one folder. */
  in(folder: string): string[]
  paths(): string[]
  inodes(): VirtualInode[]
  /** What is in the folder survives from now on. */
  flush(folder: string): void
  /** Of each name that was not flushed since it changed, the old or the new is there. */
  losePower(random: Random): void
}

export const virtualNames = (
  entries: Iterable<readonly [path: string, inode: VirtualInode]> = [],
): VirtualNames => {
  const shown = new Map(entries)
  const durable = new Map(shown)
  const directlyIn = (folder: string, paths: Iterable<string>): string[] =>
    [...paths].filter((path) => dirname(path) === plain(folder))
  return {
    get: (path) => shown.get(plain(path)),
    set: (path, inode) => void shown.set(plain(path), inode),
    delete: (path) => void shown.delete(plain(path)),
    in: (folder) => [...new Set([...shown.keys()].flatMap((path) => nameWithin(folder, path)))],
    paths: () => [...shown.keys()],
    inodes: () => [...new Set(shown.values())],
    flush: (folder) => {
      for (const path of directlyIn(folder, [...durable.keys()])) durable.delete(path)
      for (const path of directlyIn(folder, shown.keys())) {
        const inode = shown.get(path)
        if (inode !== undefined) durable.set(path, inode)
      }
    },
    losePower: (random) => {
      for (const path of new Set([...shown.keys(), ...durable.keys()])) {
        const kept = random() < 0.5 ? shown.get(path) : durable.get(path)
        if (kept === undefined) durable.delete(path)
        else durable.set(path, kept)
      }
      shown.clear()
      for (const [path, inode] of durable) shown.set(path, inode)
    },
  }
}

const plain = (path: string): string => normalize(path).replace(/(?<=.)[/\\]$/, '')

/** The file's name, or that of the folder on the way to it. */
const nameWithin = (folder: string, path: string): string[] => {
  const [first = '..'] = relative(plain(folder), path).split(sep)
  return first === '..' || first === '' ? [] : [first]
}
