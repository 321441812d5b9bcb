import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { startCluster, type Cluster } from '@grapevine/local-cluster'
import { listen } from '@grapevine/koa/http'
import { createControls } from './controls.ts'
import { fromAbove } from './from-above.ts'
import { logLine } from './log-line.ts'
import { readDevOptions, type DevOptions } from './options.ts'

/** `pnpm dev`: a few instances of the app on this machine, and a page from which their network is cut and healed. */
const entry = fileURLToPath(new URL('../main.js', import.meta.url))
const stopTimeoutMs = 8_000

const start = (options: DevOptions, print: Print, signal: AbortSignal): Promise<Cluster> =>
  startCluster({
    entry,
    nodes: options.names,
    env: options.env,
    place: ({ name, index }) => ({ port: options.portOf(index), dataDir: options.folderOf(name) }),
    onLine: (name, line) => print(name, logLine(line)),
    faults: 'in-process',
    stopTimeoutMs,
    signal,
  })

type Print = (name: string, line: string) => void

const printer = ({ names }: DevOptions): Print => {
  const width = Math.max(...names.map((name) => name.length))
  return (name, line) => void process.stdout.write(`${name.padEnd(width)} │ ${line}\n`)
}

const greet = ({ names, portOf, controlPort }: DevOptions): void => {
  const lines = names.map((name, index) => `  ${name.padEnd(8)} http://127.0.0.1:${portOf(index)}`)
  process.stdout.write(`
Grapevine: ${names.length} instances of the budget app, one cluster

${lines.join('\n')}

  from above, to cut and heal: http://127.0.0.1:${controlPort}

Sign up on one, log in on another. Ctrl-C ends all of them.

`)
}

const openControls = async (cluster: Cluster, port: number, stopping: AbortSignal): Promise<Server> => {
  const answer = createControls({ cluster, above: fromAbove(cluster), stopping }).callback()
  const server = createServer((request, response) => void answer(request, response))
  await listen(server, { host: '127.0.0.1', port })
  return server
}

const run = async (options: DevOptions): Promise<void> => {
  const print = printer(options)
  const stopping = new AbortController()
  const killing = new AbortController()
  let cluster: Cluster | undefined
  let server: Server | undefined
  const stop = async (code: number): Promise<void> => {
    if (stopping.signal.aborted) return
    stopping.abort()
    clearInterval(orphanWatch)
    server?.close()
    server?.closeAllConnections()
    // While they start there is nobody yet who could be asked to stop.
    if (cluster === undefined) killing.abort()
    else await cluster.stop()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
  /** A launcher whose own parent was killed has nobody left to tell it to stop. */
  const parent = process.ppid
  const orphanWatch = setInterval(() => {
    if (process.ppid !== parent) void stop(1)
  }, 500)

  greet(options)
  try {
    cluster = await start(options, print, killing.signal)
    server = await openControls(cluster, options.controlPort, stopping.signal)
  } catch (error) {
    if (stopping.signal.aborted) return
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    await stop(1)
  }
}

try {
  await run(readDevOptions(process.env))
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
