import { readIfThere, replaceFile } from '@grapevine/std/node'

/** Small files that are replaced as a whole: a port, so that a simulation can hand in its own disk. */
export interface KeptFiles {
  /** `undefined` if there is no such file. */
  read(path: string): Promise<Buffer | undefined>
  /** After a crash it holds what was written last, or what was there before; never a part. */
  write(path: string, content: Uint8Array | string): Promise<void>
}

export const nodeKept: KeptFiles = { read: readIfThere, write: replaceFile }
