/** The command cannot be understood; nothing was done. The message says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}

/** No running node was found where it was looked for; nothing was done. */
export class NoNodeError extends Error {
  override readonly name = 'NoNodeError'
  readonly code = 'NO_NODE'
}

/** The node answered that it cannot do it; the message is its own. */
export class NodeRefusedError extends Error {
  override readonly name = 'NodeRefusedError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The node went away, or said something unreadable, before it had said all. What was asked may have been done or not. */
export class BrokenAnswerError extends Error {
  override readonly name = 'BrokenAnswerError'
  readonly code = 'BROKEN_ANSWER'
}

/** A file cannot be read or written; of what was to be written nothing is there. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code = 'FILE'
}
