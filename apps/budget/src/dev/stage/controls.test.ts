import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createControls } from './controls.ts'
import { createNetwork } from './sides.ts'
import { createPeople } from './people.ts'
import { createReplay } from './replay.ts'
import { fromAbove } from './from-above.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** The page over instances that nobody can reach. */
const stage = async () => {
  const done: unknown[] = []
  const nodes = ['node-1', 'node-2', 'node-3'].map((name) => ({
    name,
    url: 'http://127.0.0.1:9',
    state: { kind: 'running' },
    fetch: async () => Promise.reject(new Error('refused')),
  }))
  // Only what is asked of a cluster here.
  const cluster = {
    nodes,
    node: (name: string) => nodes.find((each) => each.name === name),
    partition: async (groups: unknown) => void done.push(groups),
    heal: async () => void done.push('heal'),
  } as never
  const replay = createReplay(Date.now)
  const above = fromAbove(cluster, { record: replay.record })
  const stopping = new AbortController().signal
  const network = createNetwork(cluster)
  const app = createControls({ cluster, above, network, people: createPeople(), replay, stopping })
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const press = async (action: string, fields = '', headers = {}) => {
    const answered = await fetch(`${url}/${action}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: fields,
    })
    return { status: answered.status, location: answered.headers.get('location') }
  }
  const page = async (path = '/live') => (await fetch(`${url}${path}`)).text()
  return { press, page, done }
}

test('a cut is told, and only then there is a heal; the heal is told too', async () => {
  const { press, page, done } = await stage()
  expect(await page()).not.toContain('action="/heal"')
  expect(await press('split')).toEqual({ status: 303, location: '/live' })
  expect(await page()).toContain('You cut the network: node-1 | node-2, node-3')
  expect(await page()).toContain('action="/heal"')
  await press('heal')
  expect(await page()).not.toContain('action="/heal"')
  expect(done).toEqual([[['node-1'], ['node-2', 'node-3']], 'heal'])
})

test('what did not work is said on the page, which goes on', async () => {
  const { press, page } = await stage()
  await press('sign-up', 'side=left')
  expect(await page()).toContain('Nobody could be signed up on node-1')
  await press('stop', 'node=node-1')
  expect(await page()).toMatch(/That did not work: /)
})

test('the replay is a page of its own, and says that it is the past', async () => {
  const { press, page } = await stage()
  await page()
  expect(await press('replay')).toEqual({ status: 303, location: '/replayed' })
  expect(await page('/replayed')).toContain('This is the past')
})

test('another site can press no button', async () => {
  const { press } = await stage()
  expect((await press('split', '', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})
