import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { startCluster, type Cluster } from '@grapevine/local-cluster'
import { listen } from '@grapevine/koa/http'
import { every, onAbort, reasonOf, systemClock } from '@grapevine/std'
import { compile } from './rebuild/compiler.ts'
import { createControls } from './stage/controls.ts'
import { createNetwork } from './stage/sides.ts'
import { createPeople } from './stage/people.ts'
import { createReplay } from './stage/replay.ts'
import { ownHost } from './stage/control-page.ts'
import { watchEdits } from './rebuild/edits.ts'
import { fromAbove } from './stage/from-above.ts'
import { ancestors, hasLostNpx, launchingChain, lookUpProcess, whenChainBreaks } from './launching-chain.ts'
import { logLine } from './log-line.ts'
import { sayOnce } from './say-once.ts'
import { readDevOptions, type DevOptions } from './options.ts'
import { rebuilding } from './rebuild/rebuilding.ts'
import { isLauncher, isSource, sourceFolders } from './rebuild/source-folders.ts'

/** `pnpm dev`: a few instances of the app on this machine, and a page from which their network is cut and healed. */
const entry = fileURLToPath(new URL('../main.js', import.meta.url))
const stopTimeoutMs = 8_000
/** Of the page from above, in ms. */
const betweenLooks = 500

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
  const width = Math.max('pnpm dev'.length, ...names.map((name) => name.length))
  const isNew = sayOnce(Date.now)
  return (name, line) => {
    if (isNew(name, line)) process.stdout.write(`${name.padEnd(width)} │ ${line}\n`)
  }
}

const greet = ({ names, portOf, controlPort }: DevOptions): void => {
  const lines = names.map(
    (name, index) => `  ${name.padEnd(8)} ${ownHost(name, `http://127.0.0.1:${portOf(index)}`)}`,
  )
  process.stdout.write(`
Grapevine: ${names.length} instances of the budget app, one cluster

${lines.join('\n')}

  from above, to cut and heal: http://127.0.0.1:${controlPort}

(At http://127.0.0.1 with the same ports they share one cookie, for cookies ignore ports.)

Sign up on one, log in on another. Save a source, and they start anew. Ctrl-C ends all of them.

`)
}

const openControls = async (cluster: Cluster, port: number, stopping: AbortSignal): Promise<Server> => {
  const replay = createReplay(Date.now)
  const above = fromAbove(cluster, { record: replay.record })
  // What happens is noted whether somebody watches or not.
  onAbort(
    stopping,
    every(systemClock, betweenLooks, () => void above.read()),
  )
  const answer = createControls({
    cluster,
    above,
    network: createNetwork(cluster),
    people: createPeople(),
    replay,
    stopping,
  }).callback()
  const server = createServer((request, response) => void answer(request, response))
  await listen(server, { host: '127.0.0.1', port })
  return server
}

/** Told why everything is to end: a signal, or nobody left above who could send one. */
const whenToStop = (stop: (code: number) => void): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
  const chain = launchingChain(ancestors(process.pid, lookUpProcess))
  if (hasLostNpx(chain)) return stop(1)
  whenChainBreaks([process.ppid, ...chain.map(({ pid }) => pid)], () => stop(1))
  // A parent that was killed hands this process on to another one.
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop(1)
  }, 500)
}

/** Builds and starts the instances anew whenever a source is saved. */
const followEdits = (cluster: Cluster, say: (line: string) => void, stopping: AbortSignal): void => {
  const edited = rebuilding({
    nodes: () => cluster.nodes,
    compile: () => compile(stopping),
    say,
    now: () => performance.now(),
  })
  const end = watchEdits(sourceFolders(), {
    interval: 500,
    isSource,
    onEdit: (paths) => {
      if (paths.some(isLauncher))
        say('what runs the instances has changed: it counts when pnpm dev is run again')
      if (paths.every(isLauncher)) return
      edited().catch((error: unknown) => {
        if (!stopping.aborted) say(`not rebuilt: ${reasonOf(error)}`)
      })
    },
  })
  onAbort(stopping, end)
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
    server?.close()
    server?.closeAllConnections()
    // While they start there is nobody yet who could be asked to stop.
    if (cluster === undefined) killing.abort()
    else await cluster.stop()
    process.exit(code)
  }
  whenToStop((code) => void stop(code))
  greet(options)
  try {
    cluster = await start(options, print, killing.signal)
    server = await openControls(cluster, options.controlPort, stopping.signal)
    followEdits(cluster, (line) => print('pnpm dev', line), stopping.signal)
  } catch (error) {
    if (stopping.signal.aborted) return
    process.stderr.write(`${reasonOf(error)}\n`)
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
