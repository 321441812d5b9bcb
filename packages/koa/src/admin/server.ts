import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { socketAddress } from '@grapevine/std/node'
import { adminCommands, type AdminCommand, type AdminParts } from './commands.ts'
import type { Logger } from 'pino'
import type { WebServer } from '../http/server.ts'

/**
 * What the command line `grapevine` talks to: HTTP over a socket in the node's own folder, which only the owner of
 * the process may open. Nothing of it can be reached over the network.
 */
export const openAdmin = async (parts: AdminParts, log: Logger): Promise<WebServer> => {
  const path = resolve(parts.settings.dataDir, 'admin.sock')
  // The folder is locked by this process, so whoever left a socket here is gone.
  await rm(path, { force: true })
  const commands = adminCommands(parts)
  const server = createServer((request, response) => {
    answer(commands, request, response, log).catch((error: unknown) => {
      log.error({ err: error }, 'an admin command failed')
      response.destroy()
    })
  })
  let release = (): void => undefined
  try {
    const { address, release: letGo } = socketAddress(path)
    release = letGo
    server.listen({ path: address, exclusive: true })
    await once(server, 'listening')
    await chmod(path, 0o600)
  } catch (error) {
    release()
    // Some file systems have no sockets. The app needs none: only the command line does.
    log.warn(
      { path, reason: reasonOf(error) },
      'no admin socket: the command line cannot reach this instance',
    )
    return { drain: async () => undefined }
  }
  return { drain: () => close(server).finally(release) }
}

const close = async (server: Server): Promise<void> => {
  server.close()
  server.closeAllConnections()
  if (server.listening) await once(server, 'close')
}

const answer = async (
  commands: ReadonlyMap<string, AdminCommand>,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node')
  const command = commands.get(`${request.method} ${pathname}`)
  if (command === undefined) {
    tell(response, 404, { error: 'UNKNOWN_COMMAND', message: 'This node does not know that command.' })
    return
  }
  log.info({ command: `${request.method} ${pathname}` }, 'admin command')
  try {
    await command({ request, response, query: searchParams, log })
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined || response.headersSent) throw error
    tell(response, 400, { error: code, message: reasonOf(error) })
  }
}

const tell = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
