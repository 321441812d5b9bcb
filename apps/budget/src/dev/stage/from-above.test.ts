import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { fromAbove } from './from-above.ts'
import type { Cluster, ProcessState } from '@grapevine/local-cluster'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** An instance that tells this of itself. */
const instance = async (
  name: string,
  links: readonly string[],
  content: () => string,
  state: ProcessState,
) => {
  const server = createServer((_request, response) => {
    const self = { id: `id of ${name}`, name }
    response.end(
      JSON.stringify({
        self,
        view: 'minority',
        users: 1,
        content: content(),
        contestedNames: [],
        links: links.map((other) => `id of ${other}`),
      }),
    )
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { name, url: `http://127.0.0.1:${port}`, state }
}

const running: ProcessState = { kind: 'running' }
// Only what is asked of a cluster here.
const clusterOf = (nodes: readonly object[]): Cluster => ({ nodes }) as never

test('each instance is asked for itself, and those that do not run are told apart', async () => {
  const nodes = [
    await instance('node-1', ['node-2', 'node-9'], () => 'a', running),
    await instance('node-2', ['node-1'], () => 'b', running),
    await instance('node-3', [], () => 'b', { kind: 'exited', code: 0, signal: null }),
    await instance('node-4', [], () => 'b', { kind: 'exited', code: null, signal: 'SIGKILL' }),
    { name: 'node-5', url: 'http://127.0.0.1:9', state: running },
  ]
  const { members, links } = await fromAbove(clusterOf(nodes)).read()
  expect(members.map(({ state }) => state)).toEqual(['alive', 'alive', 'left', 'down', 'suspect'])
  expect(links).toEqual([
    ['node-1', 'node-2'],
    ['node-2', 'node-1'],
  ])
})

test('after a heal it is told once how long it took until all held the same', async () => {
  let [time, content] = [1_000, 'b']
  const nodes = [
    await instance('node-1', ['node-2'], () => 'a', running),
    await instance('node-2', [], () => content, running),
  ]
  const above = fromAbove(clusterOf(nodes), { now: () => time })
  above.expectHealing()
  expect((await above.read()).events).toEqual([])
  time = 2_500
  content = 'a'
  await above.read()
  expect((await above.read()).events).toEqual([
    {
      at: 2_500,
      text: 'All hold the same, 1.5 s after the heal; links were there after 0.0 s. 2 members, all of them linked',
    },
  ])
})
