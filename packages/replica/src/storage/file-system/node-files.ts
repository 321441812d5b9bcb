import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { privateModes } from '@grapevine/std/node'
import type { Files, OpenFile } from './files.ts'

const flags = { read: 'r', create: 'w+', continue: 'r+' } as const

/** The file system of the machine. */
export const nodeFiles: Files = {
  createFolder: async (folder) =>
    void (await mkdir(folder, { recursive: true, mode: privateModes().folder })),
  list: (folder) => readdir(folder),
  open: async (path, mode) => openFile(await open(path, flags[mode], privateModes().file)),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (folder) => {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

const openFile = (handle: FileHandle): OpenFile => ({
  size: async () => (await handle.stat()).size,
  read: async (length, position) => {
    const buffer = Buffer.allocUnsafeSlow(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await handle.read(buffer, done, length - done, position + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return buffer.subarray(0, done)
  },
  write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
  cut: (length) => handle.truncate(length),
  sync: () => handle.datasync(),
  close: () => handle.close(),
})
