import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'

/** One request of the command line, and its answer. */
export interface AdminContext {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** For what is to be told besides that a command came. */
  readonly log: Pick<Logger, 'info'>
}
