import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { browser, eventually, startCluster } from '@grapevine/local-cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installedExample } from './installed-example.ts'
import { emptyFolder, packAll, type Folder } from './packed.ts'
import { startRegistry, type Registry } from './registry.ts'

const run = promisify(execFile)
let packed: Folder
let registry: Registry

beforeAll(async () => {
  packed = await emptyFolder()
  registry = await startRegistry(await packAll(packed.path))
})
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]()
  await packed?.[Symbol.asyncDispose]()
})

const secret = (): string => randomBytes(16).toString('hex')

test('cart: what is put in on two sides of a split is in every cart after the heal', async () => {
  await using folder = await installedExample('cart', registry.url)
  await using cluster = await startCluster({
    entry: join(folder.path, 'main.mjs'),
    nodes: 3,
    env: { CLUSTER_SECRET: secret(), CLUSTER_NAME: `cart-${secret().slice(0, 8)}` },
    startTimeoutMs: 60_000,
  })
  const [one, two, three] = [cluster.node(0), cluster.node(1), cluster.node(2)]
  const put = (node: typeof one, body: string) => node.fetch('/', { method: 'POST', body })
  const holds = (items: readonly string[]) =>
    eventually(
      async () => {
        for (const node of cluster.nodes) {
          expect([...((await node.json('/')) as string[])].toSorted()).toEqual(items)
        }
      },
      { within: 30_000 },
    )
  await put(one, 'bread')
  await holds(['bread'])
  await cluster.partition([[one], [two, three]])
  await put(one, 'milk')
  await put(three, 'tea')
  await cluster.heal()
  await holds(['bread', 'milk', 'tea'])
})

test('chat: a line that is typed by one is read by the other, who is told when they leave', async () => {
  await using folder = await installedExample('chat', registry.url)
  const env = { ...process.env, CHAT_SECRET: secret(), CHAT_NAME: `chat-${secret().slice(0, 8)}` }
  const open = (name: string) => {
    const child = spawn(process.execPath, ['main.mjs', name], { cwd: folder.path, env })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
    return { child, heard: () => said }
  }
  const [ada, bob] = [open('ada'), open('bob')]
  try {
    await eventually(() => expect(bob.heard()).toContain('* ada is here'), { within: 30_000 })
    await eventually(() => expect(ada.heard()).toContain('* bob is here'), { within: 30_000 })
    await eventually(
      () => {
        ada.child.stdin.write('hello\n')
        expect(bob.heard()).toContain('ada: hello')
      },
      { within: 10_000 },
    )
    ada.child.stdin.end()
    // A goodbye is said once; where it is lost, the silence is noticed.
    await eventually(() => expect(bob.heard()).toMatch(/^\* ada (left|is gone)$/m), { within: 10_000 })
  } finally {
    for (const { child } of [ada, bob]) child.kill('SIGKILL')
  }
})

test('accounts-in-a-map: who signs up logs in', async () => {
  await using folder = await installedExample('accounts-in-a-map', registry.url)
  await using cluster = await startCluster({
    entry: join(folder.path, 'main.mjs'),
    nodes: 1,
    env: { SECRET: secret() },
    startTimeoutMs: 30_000,
  })
  const ada = browser(cluster.node(0))
  const fields = { username: 'ada', password: 'a password that is long' }
  expect((await ada.get('/me')).location).toBe('/')
  expect((await ada.submit('/signup', fields)).location).toBe('/')
  expect((await ada.submit('/', fields)).location).toBe('/me')
  expect((await ada.get('/me')).text).toBe('Hello ada')
})

test("partition-test: passes under Node's own test runner, with nothing else installed", async () => {
  await using folder = await installedExample('partition-test', registry.url)
  const { stdout } = await run('npm', ['test'], { cwd: folder.path, timeout: 120_000 })
  expect(stdout).toMatch(/pass 1$/m)
})
