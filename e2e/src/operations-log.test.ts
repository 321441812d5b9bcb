import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { eventually } from '@grapevine/local-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'
import { freePort } from './proxies/running.ts'

const call = promisify(execFile)
const isRoot = process.platform === 'linux' && process.getuid?.() === 0
if (!isRoot) process.stdout.write('SKIPPED: N7 on a full disk, for it takes root on Linux\n')

interface Started {
  readonly child: ChildProcess
  readonly port: number
}

const start = async (stdout: number | 'pipe'): Promise<Started> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'log-'))
  const port = await freePort()
  const env = { ...budgetEnv({ LOG_LEVEL: 'debug' }), PORT: String(port), DATA_DIR: dataDir }
  const child = spawn(process.execPath, [budgetEntry], { env, stdio: ['ignore', stdout, 'inherit'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  })
  await eventually(async () => expect((await ask(port)).status).toBe(200), { within: 60_000 })
  return { child, port }
}

const ask = (port: number, path = '/readyz'): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(10_000) })

/** The path stands in the line of the log: 320 kB in all, more than the disk, or a pipe, holds. */
const askOften = async (port: number): Promise<void> => {
  for (let asked = 0; asked < 200; asked += 10) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(port, `/${'x'.repeat(1_500)}`)))
    for (const answer of answers) expect(answer.status).toBe(404)
    await Promise.all(answers.map((answer) => answer.arrayBuffer()))
  }
}

/** How it ended: its exit code and signal. */
const ended = async ({ child }: Started): Promise<unknown> => {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const late = new AbortController()
  const outcome = await Promise.race([exit, delay(20_000, 'still there', { signal: late.signal })])
  late.abort()
  return outcome
}

const gracefully = [0, null]

test.skipIf(!isRoot)('N7: with its log on a full disk it serves on, and ends when told to', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'small-'))
  await call('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  onTestFinished(async () => {
    await call('umount', ['-l', disk])
    await rm(disk, { recursive: true })
  })
  const log = openSync(join(disk, 'log'), 'a')
  const started = await start(log)
  closeSync(log)
  await askOften(started.port)
  expect(statSync(join(disk, 'log')).size).toBeGreaterThan(60_000)
  expect(await ended(started)).toEqual(gracefully)
})

test('N7: when whoever read its log is gone it serves on, and ends when told to', async () => {
  const started = await start('pipe')
  started.child.stdout?.destroy()
  await askOften(started.port)
  expect(await ended(started)).toEqual(gracefully)
})

test('N7: when its log is not read any more it serves on, and ends when told to', async () => {
  const started = await start('pipe')
  // Nobody reads: what fits into the pipe is soon there.
  started.child.stdout?.pause()
  await askOften(started.port)
  expect(await ended(started)).toEqual(gracefully)
})
