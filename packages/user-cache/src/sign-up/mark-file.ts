import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '@grapevine/std'
import { privateModes } from '@grapevine/std/node'
import type { MarkStore } from './marks.ts'

/** A file of its own, replaced as a whole. After a power cut it is as it was last written, or as before a write under way. */
export const markFile = (path: string): MarkStore => ({
  read: () =>
    readFile(path).catch((error: unknown) =>
      codeOf(error) === 'ENOENT' ? undefined : Promise.reject(error),
    ),
  write: async (bytes) => {
    await mkdir(dirname(path), { recursive: true, mode: privateModes().folder })
    const fresh = `${path}.new`
    await synced(fresh, 'w', (file) => file.writeFile(bytes))
    await rename(fresh, path)
    await synced(dirname(path), 'r')
  },
})

type File = Awaited<ReturnType<typeof open>>

const synced = async (path: string, flags: string, work?: (file: File) => Promise<void>): Promise<void> => {
  const file = await open(path, flags, privateModes().file)
  try {
    await work?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
