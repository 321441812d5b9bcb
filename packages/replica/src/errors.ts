import type { Acknowledgement } from './write-concern.ts'

/** The local disk does not take writes: this one was refused, or is not acknowledged. Reads go on. */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError'
  readonly code = 'STORAGE_UNAVAILABLE'
}

/** The folder holds other data than asked for; nothing was read or written. */
export class ForeignDataError extends Error {
  override readonly name = 'ForeignDataError'
  readonly code = 'FOREIGN_DATA'
}

/** The folder holds data of an earlier version, in another form; nothing was read or written. The message says how to take it along. */
export class OldFormatError extends Error {
  override readonly name = 'OldFormatError'
  readonly code = 'OLD_FORMAT'
}

/** The folder holds data of a later version; nothing was read or written. */
export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError'
  readonly code = 'NEWER_FORMAT'
}

/** Another process has the folder open; nothing was read or written. */
export class StorageLockedError extends Error {
  override readonly name = 'StorageLockedError'
  readonly code = 'STORAGE_LOCKED'
}

/**
 * Fewer members than asked for confirmed the write in time. It is on the local disk and goes on spreading;
 * `acknowledgement` says who has it for certain.
 */
export class WriteConcernError extends Error {
  override readonly name = 'WriteConcernError'
  readonly code = 'WRITE_CONCERN'
  readonly acknowledgement: Acknowledgement

  constructor(needed: number, acknowledgement: Acknowledgement) {
    const { members } = acknowledgement
    super(
      `${members.length} of ${needed} members confirmed the write in time; it is on the local disk and goes on spreading`,
    )
    this.acknowledgement = acknowledgement
  }
}

/** A change of this node's own breaks a bound that every member holds to; nothing was written. */
export class OversizedChangeError extends Error {
  override readonly name = 'OversizedChangeError'
  readonly code = 'OVERSIZED_CHANGE'

  constructor(problem: string) {
    super(`${problem}; nothing was written`)
  }
}

/** A foreign update was refused before it was applied; nothing changed. */
export class RefusedUpdateError extends Error {
  override readonly name = 'RefusedUpdateError'
  readonly code = 'REFUSED_UPDATE'
}

/** The replica was closed; the write was not made. */
export class ReplicaClosedError extends Error {
  override readonly name = 'ReplicaClosedError'
  readonly code = 'REPLICA_CLOSED'

  constructor() {
    super('the replica is closed; nothing was written')
  }
}

/** A change given to `write` returned a promise: it was not done when it returned. Nothing is acknowledged. */
export class AsyncChangeError extends Error {
  override readonly name = 'AsyncChangeError'
  readonly code = 'ASYNC_CHANGE'

  constructor(state: string) {
    super(`the change returns a promise; allowed: a function that is done when it returns; ${state}`)
  }
}
