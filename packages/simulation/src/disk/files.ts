/**
 * The file system as one process sees it, in the few calls that a storage needs. Failures are errors with Node.js's `code`:
 * `ENOENT`, `ENOSPC`, `EIO`.
 */
export interface VirtualFiles {
  createFolder(folder: string): Promise<void>
  /** Names in the folder. */
  list(folder: string): Promise<readonly string[]>
  /** `create` empties what is there; `continue` is for reading and writing. */
  open(path: string, mode: 'read' | 'create' | 'continue'): Promise<VirtualFile>
  /** Replaces what is there. It survives a loss of power once the folder is flushed. */
  rename(from: string, to: string): Promise<void>
  /** Nothing happens if it is not there. */
  remove(path: string): Promise<void>
  /** Resolves when the names in the folder survive a loss of power. */
  syncFolder(folder: string): Promise<void>
}

export interface VirtualFile {
  size(): Promise<number>
  /** Fewer bytes than asked for only where the file ends. */
  read(length: number, position: number): Promise<Buffer>
  /** @returns how many bytes were taken, which may be fewer */
  write(bytes: Uint8Array, position: number): Promise<number>
  cut(length: number): Promise<void>
  /** Resolves when what was written survives a loss of power. Once it failed, what was written before it may be lost. */
  sync(): Promise<void>
  close(): Promise<void>
}
