import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  browser,
  eventually,
  startCluster,
  type Browser,
  type Cluster,
  type ClusterNode,
} from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeBlocks } from './code-blocks.ts'
import { emptyFolder, installWithNpm, packAll, type Folder } from './packed.ts'

const page = 'packages/koa/README.md'
let folder: Folder
let cluster: Cluster

/** What the README says to do, but for the ports. */
beforeAll(async () => {
  folder = await emptyFolder()
  const [program = ''] = await codeBlocks(page, 'js')
  await writeFile(join(folder.path, 'app.mjs'), program)
  await installWithNpm(folder.path, [...(await packAll(folder.path)), 'koa', 'yjs'])
  cluster = await startCluster({
    entry: join(folder.path, 'app.mjs'),
    nodes: 3,
    startTimeoutMs: 60_000,
    env: {
      NODE_ENV: 'development',
      CLUSTER_NAME: `readme-${randomBytes(4).toString('hex')}`,
      CLUSTER_SECRET: randomBytes(16).toString('hex'),
      CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
    },
  })
  await seen(cluster.nodes, 3)
}, 600_000)

afterAll(async () => {
  await cluster?.stop()
  await folder?.[Symbol.asyncDispose]()
})

interface Seen {
  readonly members: readonly { readonly state: string }[]
  readonly digest: string
}

const look = async (node: ClusterNode): Promise<Seen> =>
  JSON.parse(await (await node.fetch('/cluster.json')).text())

const seen = (nodes: readonly ClusterNode[], alive: number): Promise<void> =>
  eventually(
    async () => {
      for (const node of nodes) {
        const { members } = await look(node)
        expect(
          members.filter(({ state }) => state === 'alive'),
          node.name,
        ).toHaveLength(alive)
      }
    },
    { within: 30_000 },
  )

const person = (username: string) => ({ username, password: `the password of ${username}` })

const signUp = async (node: ClusterNode, username: string): Promise<void> => {
  const { status, location } = await browser(node).submit('/signup', person(username))
  expect([status, location]).toEqual([302, '/'])
}

const logIn = async (node: ClusterNode, username: string): Promise<Browser> => {
  const visitor = browser(node)
  const { status, location } = await visitor.submit('/', person(username))
  expect([status, location], `${username} on ${node.name}`).toEqual([302, '/me'])
  expect((await visitor.get('/me')).text).toBe(`Hello ${username}`)
  return visitor
}

test('the first program of the README has at most twelve lines', async () => {
  const [program = ''] = await codeBlocks(page, 'js')
  expect(program.trim().split('\n').length).toBeLessThanOrEqual(12)
})

describe('story 1, on the program of the README, installed from what is published', () => {
  test('who signs up on one instance logs in on any other, at once', async () => {
    const [one, two, three] = [cluster.node(0), cluster.node(1), cluster.node(2)]
    expect((await browser(one).get('/me')).location).toBe('/')
    await signUp(one, 'ada')
    const onTwo = await logIn(two, 'ada')
    await logIn(three, 'ada')
    // The cookie of one is honoured by another as it is.
    expect((await onTwo.at(three).get('/me')).text).toBe('Hello ada')
  })

  test('a log-out ends the session on every instance', async () => {
    const visitor = await logIn(cluster.node(0), 'ada')
    const copy = await visitor.jar.clone()
    expect((await visitor.submit('/account', {}, { action: '/logout' })).status).toBe(302)
    for (const node of cluster.nodes) expect((await browser(node, copy).get('/me')).status).toBe(302)
  })
})

describe('story 2, on the program of the README', () => {
  test('both sides of a split sign people up, and after the heal everybody logs in everywhere', async () => {
    const [one, two, three] = [cluster.node(0), cluster.node(1), cluster.node(2)]
    await cluster.partition([[one], [two, three]])
    await signUp(one, 'bob')
    await signUp(two, 'eve')
    await logIn(three, 'eve')
    const refused = await browser(two).submit('/', person('bob'))
    expect([refused.status, refused.location]).toEqual([200, undefined])
    await cluster.heal()
    await eventually(
      async () => {
        const digests = await Promise.all(cluster.nodes.map(async (node) => (await look(node)).digest))
        expect(new Set(digests).size).toBe(1)
      },
      { within: 30_000 },
    )
    for (const node of cluster.nodes) {
      await logIn(node, 'bob')
      await logIn(node, 'eve')
    }
  })
})
