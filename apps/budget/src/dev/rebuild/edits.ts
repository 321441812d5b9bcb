import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Asks every `interval` milliseconds whether a file below the folders is another one. It does not listen to the system: Node.js
 * misses, on Linux, all edits of a file after an editor has once saved it by renaming.
 *
 * @param isSource - by the file's path
 * @returns how to end it
 */
export const watchEdits = (
  folders: readonly string[],
  { interval, isSource, onEdit }: WatchOptions,
): (() => void) => {
  let last = sightOf(folders, isSource)
  const timer = setInterval(() => {
    const now = sightOf(folders, isSource)
    const edited = differences(last, now)
    last = now
    if (edited.length > 0) onEdit(edited)
  }, interval)
  return () => clearInterval(timer)
}

export interface WatchOptions {
  readonly interval: number
  readonly isSource: (path: string) => boolean
  /** @param paths - of what was changed, added or removed */
  readonly onEdit: (paths: readonly string[]) => void
}

type Sight = ReadonlyMap<string, string>

const sightOf = (folders: readonly string[], isSource: (path: string) => boolean): Sight => {
  const sight = new Map<string, string>()
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name)
      if (!isSource(path)) continue
      // It may go between the two looks.
      const seen = statSync(path, { throwIfNoEntry: false })
      if (seen !== undefined) sight.set(path, `${seen.mtimeMs} ${seen.size} ${seen.ino}`)
    }
  }
  return sight
}

const differences = (before: Sight, after: Sight): readonly string[] => [
  ...[...after].filter(([path, sight]) => before.get(path) !== sight).map(([path]) => path),
  ...[...before.keys()].filter((path) => !after.has(path)),
]
