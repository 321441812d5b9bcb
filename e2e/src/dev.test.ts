import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@grapevine/local-cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('../../apps/budget/dist/dev/main.js', import.meta.url))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dev-'))
})
afterAll(() => rm(dataDir, { recursive: true }))

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'the instances of `pnpm dev` end when it gets %s',
  async (signal) => {
    const child = spawn(process.execPath, [launcher], {
      cwd: fileURLToPath(new URL('../../apps/budget', import.meta.url)),
      env: { PATH: process.env['PATH'] ?? '', INSTANCES: '3', PORT: '4901', DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text))
    const pids = (): number[] => [...output.matchAll(/listening .*pid=(\d+)/g)].map(([, pid]) => Number(pid))
    await eventually(() => expect(pids()).toHaveLength(3), { within: 40_000 })
    expect(output).toContain('http://node-1.localhost:4901')
    const [one, two] = [4901, 4902].map((port) => `http://127.0.0.1:${port}/cluster.json`)
    await eventually(
      async () => {
        for (const url of [one, two]) {
          const text = await (await fetch(String(url))).text()
          // Itself, and the three members.
          expect(text.match(/"state":"alive"/g)).toHaveLength(4)
        }
      },
      { within: 15_000 },
    )
    child.kill(signal)
    await once(child, 'exit', { signal: AbortSignal.timeout(20_000) })
    await eventually(() => expect(pids().filter(isAlive)).toEqual([]), { within: 10_000 })
  },
)

test('an edit of a source starts the instances anew, and they end when npx alone gets SIGTERM', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const folder = join(dataDir, 'npx')
  const child = spawn('npx', ['-y', 'pnpm@12', 'dev'], {
    cwd: root,
    env: { ...process.env, INSTANCES: '2', PORT: '4911', DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text))
  const pids = (): number[] => [...output.matchAll(/listening .*pid=(\d+)/g)].map(([, pid]) => Number(pid))
  await eventually(() => expect(pids()).toHaveLength(2), { within: 90_000 })
  await eventually(async () => expect((await fetch('http://127.0.0.1:4910/live')).status).toBe(200), {
    within: 10_000,
  })
  const source = join(root, 'packages/koa/src/index.ts')
  await utimes(source, new Date(), new Date())
  await eventually(() => expect(pids()).toHaveLength(4), { within: 60_000 })
  expect(pids().slice(0, 2).filter(isAlive)).toEqual([])
  child.kill('SIGTERM')
  await eventually(() => expect(pids().filter(isAlive)).toEqual([]), { within: 20_000 })
})
