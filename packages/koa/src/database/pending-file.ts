import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '@grapevine/std'
import { privateModes, replaceFile } from '@grapevine/std/node'
import type { PendingStore } from '@grapevine/user-cache'

const { folder: folderMode, file: fileMode } = privateModes()

/** Stands for more than a list may hold: all rows are looked at. */
const all = '*'

/** Ids of accounts whose rows are still to be written, one a line. What a crash cuts off is found by the look at the next start. */
export const pendingFile = (path: string): PendingStore => ({
  load: async () => {
    // A list that cannot be read must not keep everybody out: all rows are looked at instead.
    const text = await readFile(path, 'utf8').catch((error: unknown) =>
      codeOf(error) === 'ENOENT' ? '' : all,
    )
    return [...new Set(text.split('\n').filter((line) => /^([\w-]{22}|\*)$/.test(line)))]
  },
  add: async (id) => {
    await mkdir(dirname(path), { recursive: true, mode: folderMode })
    await appendFile(path, `${id}\n`, { mode: fileMode })
  },
  replace: (ids) => replaceFile(path, ids.map((id) => `${id}\n`).join('')),
})

/** For tests and simulations: forgets with the process. */
export const pendingInMemory = (): PendingStore => {
  let kept: readonly string[] = []
  return {
    load: async () => kept,
    add: async (id) => void (kept = [...kept, id]),
    replace: async (ids) => void (kept = ids),
  }
}
