import { join } from 'node:path'
import type { Log } from '@grapevine/std'
import { nodeKept, type KeptFiles } from './kept-files.ts'
import { NewerClusterError } from '../errors.ts'

/** At which version the cluster's upgrade was finalised, so that a member knows it also when it starts alone. */
export interface FinalisedFile {
  /**
   * 1 where nothing was finalised, or the file is damaged.
   *
   * @param highest - version of this build
   * @throws NewerClusterError
   */
  load(highest: number): Promise<number>
  /** Resolves when it is on the disk. */
  save(version: number): Promise<void>
}

export const finalisedFile = (
  folder: string | undefined,
  log: Log,
  kept: KeptFiles = nodeKept,
): FinalisedFile => {
  if (folder === undefined) return { load: async () => 1, save: async () => undefined }
  const file = join(folder, 'finalised')
  return {
    load: async (highest) => {
      const text = (await kept.read(file))?.toString()
      const version = text === undefined ? 1 : decodeFinalised(text)
      if (version === undefined)
        log.warn(
          { file },
          'it cannot be read at which version the upgrade was finalised; other members say it',
        )
      if (version !== undefined && version > highest) throw new NewerClusterError(file, version, highest)
      return version ?? 1
    },
    save: (version) => kept.write(file, `${version}\n`),
  }
}

const decodeFinalised = (text: string): number | undefined =>
  /^[1-9]\d{0,8}\n$/.test(text) ? Number(text) : undefined
