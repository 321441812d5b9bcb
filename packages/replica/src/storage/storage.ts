/** Where a replica keeps its log of updates. */
export interface Storage {
  /** All updates in the order in which they were appended; called once, before the first append. */
  load(): AsyncIterable<Uint8Array>
  /** Resolves when the update survives a crash of the process and of the machine. */
  append(update: Uint8Array): Promise<void>
  close(): Promise<void>
}
