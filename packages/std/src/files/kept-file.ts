import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { privateModes } from './private-modes.ts'
import { codeOf } from '../reason.ts'

/** `undefined` if there is no such file. */
export const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Puts these bytes in the place of what a small file held, and makes its folder if there is none. After a crash or a power cut
 * it holds what was written last, or, of a write under way, what was there before; never a part. Only this user may read it.
 * Calls for one path must not overlap.
 */
export const replaceFile = async (path: string, content: Uint8Array | string): Promise<void> => {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: privateModes().folder })
  const draft = `${path}.new`
  await synced(draft, 'w', (file) => file.writeFile(content))
  await rename(draft, path)
  // Windows opens no folder; its file systems write names down on their own.
  if (process.platform !== 'win32') await synced(folder, 'r')
}

type OpenFile = Awaited<ReturnType<typeof open>>

const synced = async (
  path: string,
  flags: string,
  work?: (file: OpenFile) => Promise<void>,
): Promise<void> => {
  const file = await open(path, flags, privateModes().file)
  try {
    await work?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
