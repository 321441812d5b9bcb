import { createServer } from 'node:http'
import { pino, type Logger } from 'pino'
import { createApp } from './app.ts'
import { readConfig, type Config } from './config.ts'
import { listen } from './listen.ts'
import { startNode } from './node.ts'

/** How long open requests may take to finish when the process is told to end, in milliseconds. */
const drainTimeout = 5_000

const run = async (config: Config, log: Logger): Promise<void> => {
  const node = await startNode(config, log)
  const answer = createApp(node, config, log).callback()
  const server = createServer((request, response) => void answer(request, response))
  try {
    await listen(server, config.http)
  } catch (error) {
    await node.stop()
    throw error
  }
  const url = `http://${config.http.host}:${config.http.port}`
  log.info({ url, id: node.membership.self.id, cluster: config.clusterName, pid: process.pid }, 'listening')

  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping')
    const drained = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    const overdue = setTimeout(() => server.closeAllConnections(), drainTimeout)
    await drained
    clearTimeout(overdue)
    await node.stop()
    log.info({}, 'stopped')
  }
  const stopOnce = onlyOnce((signal: string) => {
    stop(signal).catch((error: unknown) => fail(error))
  })
  process.on('SIGTERM', () => stopOnce('SIGTERM'))
  process.on('SIGINT', () => stopOnce('SIGINT'))
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
  const log = pino({ level: config.logLevel, base: { node: config.nodeName } })
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
