/** Where a replica keeps its log of updates: a snapshot, and what was appended since. */
export interface Storage {
  /** The snapshot's updates, then all appended ones in their order; called once, before the first append. */
  load(): AsyncIterable<Uint8Array>
  /**
   * Resolves when the update survives a crash of the process and of the machine.
   *
   * @throws StorageUnavailableError: it may be gone after a crash. Later calls try anew.
   */
  append(update: Uint8Array): Promise<void>
  /**
   * Replaces the snapshot and all that was appended before this call by these updates. Appends go on meanwhile. A
   * crash at any moment leaves either the old or the new, whole.
   *
   * @throws StorageUnavailableError, or what the updates throw: the old stays
   */
  compact(snapshot: AsyncIterable<Uint8Array>, options?: CompactOptions): Promise<void>
  status(): StorageStatus
  /** For who opened it, after the replica: that uses it and leaves it open. */
  close(): Promise<void>
}

export interface CompactOptions {
  /** Also removes what was damaged and set aside: text that was erased may be in it. @default false */
  readonly forgetDamaged?: boolean
}

export interface StorageStatus {
  /** Bytes appended since the snapshot, and bytes of the snapshot, without overhead. */
  readonly logBytes: number
  readonly snapshotBytes: number
  /** Entries found damaged or missing since it was opened. */
  readonly damaged: number
  /** Files that hold what was damaged, now or earlier, for whoever wants to look: text that was erased may be in them. */
  readonly setAside: number
  /**
   * There is more on the disk than the newest snapshot and one log: something is damaged, a write has failed, or a compaction
   * was cut off. Text that was erased may be in it, so compact at once.
   */
  readonly compactionDue: boolean
}
