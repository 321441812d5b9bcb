import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { browser, eventually, type BrowserNode } from '@grapevine/local-cluster'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { emptyFolder, packAll, type Folder } from './packed.ts'
import { startRegistry, type Registry } from './registry.ts'

const run = promisify(execFile)
let folder: Folder
let registry: Registry
let app: string
let env: NodeJS.ProcessEnv

/** As the README of create-grapevine says, from what would be published. */
beforeAll(async () => {
  folder = await emptyFolder()
  registry = await startRegistry(await packAll(folder.path))
  env = { ...process.env, npm_config_registry: registry.url, npm_config_loglevel: 'error' }
  await run('npm', ['create', '--yes', 'grapevine@latest', 'my-app', '--', '--yes'], {
    cwd: folder.path,
    env,
    timeout: 120_000,
  })
  app = join(folder.path, 'my-app')
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: app, env, timeout: 300_000 })
})
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

test('npm test cuts the network of three instances and heals it: stories 1 and 2', async () => {
  const { stdout } = await run('npm', ['test'], { cwd: app, env, timeout: 240_000 })
  expect(stdout).toMatch(/^# pass 2$|^ℹ pass 2$/m)
  expect(stdout).toMatch(/^# fail 0$|^ℹ fail 0$/m)
})

test('npm run dev starts three, which start anew when a source is saved, and all end with it', async () => {
  const port = await freePort()
  const child = spawn('npm', ['run', 'dev'], {
    cwd: app,
    env: { ...env, PORT: String(port) },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const end = (signal: NodeJS.Signals): void => {
    const isRunning = child.exitCode === null && child.signalCode === null
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, signal)
  }
  onTestFinished(() => end('SIGKILL'))
  const [one, two, three] = [nodeAt(port), nodeAt(port + 1), nodeAt(port + 2)]
  await eventually(() => expect(said).toContain(three.url), { within: 120_000 })
  const linked = async () => {
    const { links } = (await (await one.fetch('/cluster.json')).json()) as { links: readonly string[] }
    expect(links).toHaveLength(2)
  }
  await eventually(linked, { within: 60_000 })
  const fields = { username: 'ada', password: 'the password of ada' }
  expect((await browser(one).submit('/signup', fields)).location).toBe('/')
  const ada = browser(two)
  expect((await ada.submit('/', fields)).location).toBe('/note')
  expect((await ada.get('/note')).text).toContain('Hello ada')

  const source = join(app, 'app.mjs')
  await writeFile(source, (await readFile(source, 'utf8')).replace('Hello', 'Welcome back'))
  await eventually(
    async () => expect((await ada.at(three).get('/note')).text).toContain('Welcome back ada'),
    {
      within: 120_000,
    },
  )
  const exited = once(child, 'exit')
  end('SIGINT')
  await exited
  await eventually(async () => await expect(one.fetch('/healthz')).rejects.toThrow('fetch failed'), {
    within: 20_000,
  })
})

const nodeAt = (port: number): BrowserNode => {
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    fetch: (path, init) =>
      fetch(url + path, { redirect: 'manual', ...init, headers: closing(init?.headers) }),
  }
}

/** A kept connection would outlive the process that it led to. */
const closing = (headers?: ConstructorParameters<typeof Headers>[0]): Headers => {
  const closed = new Headers(headers)
  closed.set('connection', 'close')
  return closed
}

/** Of three in a row, as far as nobody takes them meanwhile. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? Math.min(address.port, 65_000) : 0
}
