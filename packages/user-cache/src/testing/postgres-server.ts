/** A real PostgreSQL server in a temporary folder, on a socket in it: nothing to configure, no port to clash. */
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

export interface PostgresServer {
  /** For `new pg.Pool(…)`. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string }
  /** The same, as `DATABASE_URL`. */
  readonly url: string
  /** It is gone, and what was committed stays. */
  crash(): Promise<void>
  /** After a crash. */
  start(): Promise<void>
  stop(): Promise<void>
}

const installed = '/usr/lib/postgresql'

/** The folder of the newest server that Debian's package has installed, if any. */
export const findPostgres = (): string | undefined => {
  if (!existsSync(installed)) return undefined
  return readdirSync(installed)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(installed, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres')))
}

export const startPostgres = async (bin: string): Promise<PostgresServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'user-cache-postgres-'))
  const account = await serverAccount()
  if ('uid' in account) await chown(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const setUp = ['--pgdata', data, '--username', 'test', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync']
  await promisify(execFile)(join(bin, 'initdb'), setUp, account)
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off']
  let server: ChildProcess | undefined
  // Also when the run is broken off, which skips what the tests do after all.
  const kill = (): void => void server?.kill('SIGQUIT')
  process.once('exit', kill)
  const start = async (): Promise<void> => {
    server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
      ...account,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await listening(server)
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
    server = undefined
  }
  await start()
  return {
    connection: { host: folder, user: 'test', database: 'postgres' },
    url: `postgres://test@/postgres?host=${encodeURIComponent(folder)}`,
    // "Immediate shutdown": as a crash.
    crash: () => end('SIGQUIT'),
    start,
    async stop() {
      // "Fast shutdown": connections are ended, not waited for.
      await end('SIGINT')
      process.off('exit', kill)
      await rm(folder, { recursive: true })
    },
  }
}

type ServerAccount =
  | { readonly cwd: string; readonly uid: number; readonly gid: number }
  | { readonly cwd: string }

/** The server refuses to run as root: as root, it runs as the user that its package has made. */
const serverAccount = async (): Promise<ServerAccount> => {
  const cwd = tmpdir()
  if (process.getuid?.() !== 0) return { cwd }
  const idOf = async (option: string): Promise<number> => {
    const { stdout } = await promisify(execFile)('id', [option, 'postgres'])
    return Number(stdout)
  }
  return { uid: await idOf('-u'), gid: await idOf('-g'), cwd }
}

const listening = async (server: ChildProcess): Promise<void> => {
  const said: string[] = []
  if (server.stderr === null) throw new Error('PostgreSQL was started without a pipe for what it says.')
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line)
    if (line.includes('database system is ready to accept connections')) {
      server.stderr.resume()
      return
    }
  }
  throw new Error(`PostgreSQL did not start: ${said.join('\n')}`)
}
