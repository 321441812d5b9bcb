import { sleep } from '../../clock.ts'
import { startRedis } from '../../processes/redis.ts'
import { usageOf } from '../../processes/usage.ts'
import type { Context, Measurement, Readings } from '../../measurement.ts'
import type { GrapevineHttpCalls } from '../../programs/http/http-grapevine.ts'
import type { HttpCalls, HttpOptions } from '../../programs/http/http-calls.ts'
import type { LoadCalls } from '../../programs/load.ts'
import type { Remote } from '../../processes/remote.ts'
import { logInMany } from './log-in.ts'

const grapevine = 'Grapevine instance'
const overRedis = 'Koa and Redis client + redis-server'

export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of one instance with 10,000 users',
  how:
    'New processes each time, with 10,000 users; 50 people log in, then pages are asked for over 8 connections for ' +
    'a while (the same for both), then a second of rest. Resident memory (RSS) as Linux counts it: of the instance, ' +
    'beside that of app and redis-server together. PSS is in the JSON; it depends on how many other processes of ' +
    'the bench share Node.js’s own pages.',
  comparisons: [
    {
      what: 'resident memory with 10,000 users',
      unit: 'MB',
      subject: { contestant: grapevine, reading: 'rss' },
      relation: 'ratio',
      rival: { contestant: overRedis, reading: 'rss' },
      reach: { type: 'at most', value: 1.2 },
    },
  ],
  prepare: async (context) => {
    const { supervisor, redis } = context
    const load = supervisor.spawn<LoadCalls>('load')
    return [
      {
        type: 'present',
        name: grapevine,
        run: async () => {
          const server = supervisor.spawn<GrapevineHttpCalls>('http/http-grapevine')
          return await weigh(context, load, server, { folder: await supervisor.folder() }, [])
        },
      },
      redis.type === 'missing'
        ? { type: 'absent', name: overRedis, why: redis.why }
        : {
            type: 'present',
            name: overRedis,
            run: async () => {
              const store = await startRedis(supervisor, 'snapshots')
              const server = supervisor.spawn<HttpCalls>('http/http-redis')
              const readings = await weigh(context, load, server, { redisPort: store.port }, [store.pid])
              await store.stop()
              return readings
            },
          },
    ]
  },
}

const weigh = async (
  { pick }: Context,
  load: Remote<LoadCalls>,
  server: Remote<HttpCalls>,
  own: Omit<HttpOptions, 'users'>,
  others: readonly number[],
): Promise<Readings> => {
  const { port } = await server.call('start', { users: 10_000, ...own })
  const url = `http://127.0.0.1:${port}`
  const cookies = await logInMany(url, pick({ quick: 10, full: 50 }))
  await load.call('load', { url, cookies, connections: 8, seconds: pick({ quick: 1, full: 5 }) })
  await sleep(1_000)
  const usages = await Promise.all([server.pid, ...others].map(usageOf))
  await server.stop()
  const sum = (of: 'rss' | 'pss'): number => usages.reduce((total, usage) => total + usage[of], 0) / 1e6
  return { rss: sum('rss'), pss: sum('pss') }
}
