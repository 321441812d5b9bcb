import { monotonic } from '../../clock.ts'
import type { Measurement } from '../../measurement.ts'
import type { Remote } from '../../processes/remote.ts'
import type { ClusterNodeCalls } from '../../programs/cluster/cluster-node.ts'
import type { GrapevineHttpCalls } from '../../programs/http/http-grapevine.ts'
import type { HttpCalls } from '../../programs/http/http-calls.ts'

const grapevine = 'Grapevine, third member'
const bare = 'bare Koa'

export const processStart: Measurement = {
  name: 'process-start',
  title: 'From the start of a process to serving as a member',
  how:
    'From starting the process to its first answer with status 200. Grapevine: an instance with an empty disk that ' +
    'joins two members with 1,000 users, and answers once it is linked and has all of them.',
  comparisons: [
    {
      what: 'process start to first answer',
      unit: 's',
      subject: { contestant: grapevine, reading: 'seconds' },
      relation: 'difference',
      rival: { contestant: bare, reading: 'seconds' },
      reach: { type: 'at most', value: 1 },
    },
  ],
  prepare: async ({ supervisor, pick }) => {
    const seeds: string[] = []
    for (const count of [pick({ quick: 100, full: 1_000 }), 0]) {
      const node = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node')
      const { addresses } = await node.call('start', { folder: await supervisor.folder(), seeds: [...seeds] })
      await node.call('fill', { from: 0, count })
      seeds.push(...addresses)
    }
    return [
      {
        type: 'present',
        name: grapevine,
        run: async () => {
          const folder = await supervisor.folder()
          const begun = monotonic()
          const server = supervisor.spawn<GrapevineHttpCalls>('http/http-grapevine')
          const { port } = await server.call('join', { folder, seeds })
          return await firstAnswer(server, `http://127.0.0.1:${port}/token`, begun)
        },
      },
      {
        type: 'present',
        name: bare,
        run: async () => {
          const begun = monotonic()
          const server = supervisor.spawn<HttpCalls>('http/http-bare')
          const { port } = await server.call('start', { users: 1 })
          return await firstAnswer(server, `http://127.0.0.1:${port}/`, begun)
        },
      },
    ]
  },
}

const firstAnswer = async (
  server: Pick<Remote<HttpCalls>, 'stop'>,
  url: string,
  begun: number,
): Promise<{ readonly seconds: number }> => {
  const response = await fetch(url)
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  await response.arrayBuffer()
  const seconds = (monotonic() - begun) / 1000
  await server.stop()
  return { seconds }
}
