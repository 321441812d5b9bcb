import { createServer, type RequestListener, type Server } from 'node:http'
import { listen, type Address, type ListenNames, type Sharing } from './listen.ts'
import type { Clock } from '@grapevine/std'

export interface WebServer {
  /** Takes no new connection, lets open requests finish, and breaks off those that take too long. */
  drain(): Promise<void>
}

/** How long open requests may take to finish when the process is told to end, in milliseconds. */
const drainTimeout = 5_000

/**
 * How long a connection without a request is kept, in milliseconds. Balancers keep theirs for 60 s; one that is closed
 * at this end first costs them a request.
 */
const keepAliveTimeout = 75_000

/** @throws SettingError that names the variable, when the address cannot be had */
export const openServer = async (
  answer: RequestListener,
  address: Address,
  clock: Clock,
  { names, sharing }: { readonly names?: ListenNames; readonly sharing?: Sharing } = {},
): Promise<WebServer> => {
  const server = createServer({ keepAliveTimeout }, answer)
  await listen(server, address, names, sharing)
  return { drain: () => drain(server, clock) }
}

const drain = async (server: Server, clock: Clock): Promise<void> => {
  const drained = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const cancel = clock.after(drainTimeout, () => server.closeAllConnections())
  await drained
  cancel()
}
