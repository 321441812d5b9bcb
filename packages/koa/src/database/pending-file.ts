import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '@grapevine/std'
import type { PendingStore } from '@grapevine/user-cache'

/** Ids of accounts whose rows are still to be written, one a line. What a crash cuts off is found by the look at the next start. */
export const pendingFile = (path: string): PendingStore => ({
  load: async () => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return ''
      throw error
    })
    return [...new Set(text.split('\n').filter((line) => /^([\w-]{22}|\*)$/.test(line)))]
  },
  add: async (id) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await appendFile(path, `${id}\n`, { mode: 0o600 })
  },
  replace: async (ids) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const fresh = `${path}.new`
    await writeFile(fresh, ids.map((id) => `${id}\n`).join(''), { mode: 0o600 })
    await rename(fresh, path)
  },
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
