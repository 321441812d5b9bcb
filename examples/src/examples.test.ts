import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { browser, eventually, startCluster, type Browser } from '@grapevine/local-cluster'
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

test('mail-link: a link opens a session once, on any instance, in the browser that asked for it, for a while', async () => {
  await using folder = await installedExample('mail-link', registry.url)
  await using cluster = await startCluster({
    entry: join(folder.path, 'main.mjs'),
    nodes: 2,
    env: {
      NODE_ENV: 'development',
      CLUSTER_SECRET: secret(),
      CLUSTER_NAME: `mail-${secret().slice(0, 8)}`,
      CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
      LINK_LIFE: '8000',
    },
    startTimeoutMs: 60_000,
  })
  const [one, two] = [cluster.node(0), cluster.node(1)]
  const linked = async () => (await one.json('/cluster.json')) as { readonly links: readonly string[] }
  await eventually(async () => expect((await linked()).links).toHaveLength(1), { within: 30_000 })
  const username = 'ada@example.org'
  await browser(one).submit('/signup', { username, password: 'a password that is long' })

  const mailsTo = (address: string) => one.log.filter((line) => line.includes(`mail to ${address}`))
  const askFor = async (ada: Browser): Promise<string> => {
    const before = mailsTo(username).length
    expect((await ada.submit('/link', { username })).status).toBe(200)
    await eventually(() => expect(mailsTo(username)).toHaveLength(before + 1), {
      within: 5_000,
    })
    return new URL(mailsTo(username).at(-1)?.split(': ').at(-1) ?? '').pathname
  }

  const ada = browser(one)
  const link = await askFor(ada)
  // Somebody else who has the link has not the browser.
  expect((await browser(two).get(link)).text).toContain('asked for in another browser')
  const form = await ada.at(two).get(link)
  expect((await ada.at(two).submit(form, {})).location).toBe('/me')
  expect((await ada.get('/me')).text).toBe(`Hello ${username}`)
  // Used on one instance, it is used on all.
  for (const node of cluster.nodes) expect((await ada.at(node).get(link)).text).toContain('used or too old')

  const late = browser(one)
  const other = await askFor(late)
  expect((await late.get(other)).text).toContain('<button>Log in</button>')
  await eventually(async () => expect((await late.get(other)).text).toContain('used or too old'), {
    within: 15_000,
  })
  const stranger = await browser(one).submit('/link', { username: 'eve@example.org' })
  expect(stranger.text).toContain('a link is on its way')
  expect(mailsTo('eve@example.org')).toEqual([])
})

test("partition-test: passes under Node's own test runner, with nothing else installed", async () => {
  await using folder = await installedExample('partition-test', registry.url)
  const { stdout } = await run('npm', ['test'], { cwd: folder.path, timeout: 120_000 })
  expect(stdout).toMatch(/pass 1$/m)
})
