import { createServer, type Server } from 'node:http'
import { pino, type Logger } from 'pino'
import { openAdmin, type AdminServer } from './admin/server.ts'
import { createApp } from './app.ts'
import { readConfig, type Config } from './config.ts'
import { listen } from './listen.ts'
import { startNode, type Node } from './node.ts'
import { requestFields } from './request-context.ts'

/** How long open requests may take to finish when the process is told to end, in milliseconds. */
const drainTimeout = 5_000

const run = async (config: Config, log: Logger): Promise<void> => {
  const node = await startNode(config, log)
  const stopping = new AbortController()
  const answer = createApp({ node, config, log, stopping: stopping.signal }).callback()
  const server = createServer((request, response) => void answer(request, response))
  const admin = await openServers(node, server, config, log)
  const url = `http://${config.http.host}:${config.http.port}`
  log.info({ url, id: node.membership.self.id, cluster: config.clusterName, pid: process.pid }, 'listening')

  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping')
    const drained = drain(server)
    stopping.abort()
    await admin.close()
    await drained
    await node.stop()
    log.info({}, 'stopped')
  }
  const stopOnce = onlyOnce((signal: string) => {
    stop(signal).catch((error: unknown) => fail(error))
  })
  process.on('SIGTERM', () => stopOnce('SIGTERM'))
  process.on('SIGINT', () => stopOnce('SIGINT'))
}

const openServers = async (node: Node, server: Server, config: Config, log: Logger): Promise<AdminServer> => {
  try {
    const admin = await openAdmin(node, config.dataDir, log)
    await listen(server, config.http)
    return admin
  } catch (error) {
    await node.stop()
    throw error
  }
}

/** Takes no new connection, lets open requests finish, and breaks off those that take too long. */
const drain = async (server: Server): Promise<void> => {
  const drained = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const overdue = setTimeout(() => server.closeAllConnections(), drainTimeout)
  await drained
  clearTimeout(overdue)
}

const onlyOnce = <T>(action: (value: T) => void): ((value: T) => void) => {
  let done = false
  return (value) => {
    if (done) return
    done = true
    action(value)
  }
}

/** One line that names what is wrong; a stack only for what nobody foresaw. */
const fail = (error: unknown): never => {
  const known = error instanceof Error && 'code' in error
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

try {
  const config = readConfig(process.env)
  const log = pino({ level: config.logLevel, base: { node: config.nodeName }, mixin: requestFields })
  if (config.mode === 'development') {
    log.warn(
      {},
      'cookies are sent without Secure, for http on this machine; set NODE_ENV=production behind TLS',
    )
  }
  await run(config, log)
} catch (error) {
  fail(error)
}
