/**
 * What the storage needs of a file system. A port, so that tests can hand in one that loses what was not flushed, tears
 * writes, and is full. Failures are Node.js's errors, with their `code`.
 */
export interface Files {
  /** With its parents; nothing happens if it is there. */
  createFolder(folder: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
  /** `create` empties what is there; `continue` is for reading and writing. */
  open(path: string, mode: 'read' | 'create' | 'continue'): Promise<OpenFile>
  /** Replaces what is there. It survives a crash once the folder is flushed. */
  rename(from: string, to: string): Promise<void>
  /** Nothing happens if it is not there. */
  remove(path: string): Promise<void>
  /** Resolves when the names in the folder survive a crash. */
  syncFolder(folder: string): Promise<void>
}

export interface OpenFile {
  size(): Promise<number>
  /** Fewer bytes than asked for only where the file ends. */
  read(length: number, position: number): Promise<Buffer>
  /** @returns how many bytes were taken, which may be fewer */
  write(bytes: Uint8Array, position: number): Promise<number>
  cut(length: number): Promise<void>
  /** Resolves when what was written survives a crash. Once it failed, what was written before it may be lost. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Writes all bytes, in as many turns as it takes. */
export const writeAll = async (file: OpenFile, bytes: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const taken = await file.write(bytes.subarray(done), position + done)
    if (taken <= 0)
      throw Object.assign(new Error('the file system took no byte of a write'), {
        code: 'EIO',
        syscall: 'write',
      })
    done += taken
  }
}

/** For clean-up after a failure that is told already: this one adds nothing. */
export const quietly = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(() => undefined)
}
