/** One of the addresses of `listen` cannot be listened on; nothing was started. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'LISTEN_FAILED'
  readonly address: string

  /** @param problem - such as "is in use by another process" */
  constructor(address: string, problem: string) {
    super(`listen: ${address} ${problem}`)
    this.address = address
  }
}

/** A peer did not prove the cluster's name and secret; the connection was closed and nothing was exchanged. */
export class AdmissionRefusedError extends Error {
  override readonly name = 'AdmissionRefusedError'
  readonly code = 'ADMISSION_REFUSED'

  constructor(peer: string) {
    super(`peer ${peer} does not know this cluster's name and secret; the connection was closed`)
  }
}

/** The member is not linked to this node now; nothing was sent. */
export class UnreachableMemberError extends Error {
  override readonly name = 'UnreachableMemberError'
  readonly code = 'UNREACHABLE_MEMBER'

  constructor(member: string) {
    super(`member ${member} is not linked to this node; nothing was sent`)
  }
}

/** A message exceeds its bound; it was not sent. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError'
  readonly code = 'MESSAGE_TOO_LARGE'

  constructor(seen: number, allowed: number) {
    super(`message of ${seen} bytes; allowed: up to ${allowed} bytes; it was not sent`)
  }
}

/**
 * Why a member did not answer: its handler threw or took too long (`failed`: what it did by then is done), too many
 * requests of this node were under way there (`busy`: not begun, try again soon), it does not handle the protocol
 * (yet), or its answer was over the bound.
 */
export type RequestFailure = 'failed' | 'busy' | 'unknown-protocol' | 'too-large'

/** The member received a request and says that it will not answer. */
export class RequestFailedError extends Error {
  override readonly name = 'RequestFailedError'
  readonly code = 'REQUEST_FAILED'
  readonly failure: RequestFailure

  constructor(failure: RequestFailure) {
    super(`the member did not answer the request: ${failure}`)
    this.failure = failure
  }
}

/** A peer's message is not one of this protocol; it was dropped and changed nothing. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError'
  readonly code = 'MALFORMED_MESSAGE'
}

/** The member's key on disk cannot be read; nothing was started and nothing was changed. */
export class CorruptIdentityError extends Error {
  override readonly name = 'CorruptIdentityError'
  readonly code = 'CORRUPT_IDENTITY'

  constructor(file: string) {
    super(`${file} does not hold a member's key; restore it, or remove it to join as a new member`)
  }
}

/**
 * A dependency has not the private member that a patch of ours holds on to; nothing was started. Install the version that this
 * package asks for: an override in the app's package.json may have replaced it.
 */
export class MissingHookError extends Error {
  override readonly name = 'MissingHookError'
  readonly code = 'MISSING_HOOK'

  constructor(dependency: string, hook: string) {
    super(
      `${dependency} has no ${hook}, which is patched at start; install the version that @grapevine/membership asks for`,
    )
  }
}

/** The folder is of a cluster whose upgrade was finalised at a version that this build does not speak; nothing was started. */
export class NewerClusterError extends Error {
  override readonly name = 'NewerClusterError'
  readonly code = 'NEWER_CLUSTER'

  constructor(file: string, finalised: number, highest: number) {
    super(
      `${file}: the upgrade of this cluster was finalised at protocol ${finalised}, and this release speaks up to ${highest}; there is no way back: install the newer release`,
    )
  }
}

/** Not every member speaks a newer version, or is there to say so; nothing was changed. */
export class NotFinalisedError extends Error {
  override readonly name = 'NotFinalisedError'
  readonly code = 'NOT_FINALISED'
}
