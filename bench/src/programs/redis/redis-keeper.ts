import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { sleep } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'

/** How Redis keeps what it is told. */
export type Persistence =
  /** As Debian configures it: snapshots (`save 3600 1 300 100 60 10000`), no append-only file. */
  | 'snapshots'
  /** Each write is on disk before it is answered, as Grapevine's are: `appendonly yes`, `appendfsync always`. */
  | 'always'

export interface Redis {
  readonly port: number
  readonly pid: number
}

/** Runs a redis-server, and ends it when the bench is gone, however it went. */
export interface RedisKeeperCalls {
  start(options: { readonly folder: string; readonly persistence: Persistence }): Promise<Redis>
}

const persistenceFlags: Readonly<Record<Persistence, readonly string[]>> = {
  snapshots: ['--save', '3600 1 300 100 60 10000', '--appendonly', 'no'],
  always: ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
}

const start: RedisKeeperCalls['start'] = async ({ folder, persistence }) => {
  const port = await freePort()
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--loglevel', 'warning']
  const server = spawn('redis-server', [...flags, ...persistenceFlags[persistence]], { stdio: 'ignore' })
  await once(server, 'spawn')
  process.on('exit', () => server.kill('SIGKILL'))
  await untilListening(port)
  return { port, pid: server.pid ?? 0 }
}

const freePort = async (): Promise<number> => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  holder.close()
  await once(holder, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

const untilListening = async (port: number): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1')
    const reached = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (reached) return
    await sleep(25)
  }
  throw new Error('redis-server did not listen within 5 s')
}

serve<RedisKeeperCalls>({ start })
