import { createServer, type RequestListener, type Server } from 'node:http'
import { listen } from './listen.ts'
import type { Clock } from '@grapevine/replica'

export interface WebServer {
  /** Takes no new connection, lets open requests finish, and breaks off those that take too long. */
  drain(): Promise<void>
}

/** How long open requests may take to finish when the process is told to end, in milliseconds. */
const drainTimeout = 5_000

/** @throws SettingError that names the variable, when the address cannot be had */
export const openServer = async (
  answer: RequestListener,
  address: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<WebServer> => {
  const server = createServer(answer)
  await listen(server, address)
  return { drain: () => drain(server, clock) }
}

const drain = async (server: Server, clock: Clock): Promise<void> => {
  const drained = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const cancel = clock.after(drainTimeout, () => server.closeAllConnections())
  await drained
  cancel()
}
