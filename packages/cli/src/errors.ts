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
