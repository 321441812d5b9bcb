import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { eventually } from '@grapevine/local-cluster'
import { setTimeout as delay } from 'node:timers/promises'

/** A proxy that people reach the app through. */
export interface Front extends AsyncDisposable {
  readonly port: number
  /** What it wrote, for a test that failed. */
  readonly said: () => string
}

/** Where Debian puts what only root runs is not in everybody's PATH. */
export const programAt = (name: string): string | undefined =>
  ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path))

/** Whether the tests with a program can run; says it aloud if they cannot. */
export const isInstalled = (name: string, what: string): boolean => {
  const is = programAt(name) !== undefined
  if (!is) process.stdout.write(`SKIPPED: ${what}, for ${name} is not installed\n`)
  return is
}

/** From below the range that systems give away: nobody who asks for any port gets it before it is used. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(10_000, 30_000)
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}

export interface RunningProgram extends AsyncDisposable {
  readonly pid: number
  readonly said: () => string
}

/** How long a program may take to end when it is told to, in milliseconds. */
const patience = 20_000

/** A program in the foreground, ended with the test. */
export const run = async (
  name: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<RunningProgram> => {
  const child = spawn(programAt(name) ?? name, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const keep = (bytes: Buffer): void => void (said = (said + bytes.toString()).slice(-100_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await once(child, 'spawn')
  const exit = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    said: () => said,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = new AbortController()
      await Promise.race([exit, delay(patience, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await exit
      }
    },
  }
}

/** Once it passes requests on to somebody who is ready. */
export const untilItServes = async ({ port, said }: Pick<Front, 'port' | 'said'>): Promise<void> => {
  await eventually(
    async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } })
      if (!answer.ok) throw new Error(`${answer.status}: ${said()}`)
    },
    { within: 20_000 },
  )
}
