import { sleep } from '../../clock.ts'
import { startRedis } from '../../processes/redis.ts'
import { usageOf } from '../../processes/usage.ts'
import type { Contestant, Context, Measurement } from '../../measurement.ts'
import type { Remote } from '../../processes/remote.ts'
import type { GrapevineHttpCalls } from '../../programs/http/http-grapevine.ts'
import type { HttpCalls } from '../../programs/http/http-calls.ts'
import type { LoadCalls } from '../../programs/load.ts'
import { logInMany } from './log-in.ts'

const grapevine = 'Grapevine'
const overRedis = 'koa-session in Redis, user in Redis'
const overCookie = 'koa-session cookie, user in a Map'
const bare = 'bare Koa'

const subject = { contestant: grapevine, reading: 'perSecond' }
const what = 'authenticated requests/s, one process, 32 connections'

export const authenticatedRequests: Measurement = {
  name: 'requests',
  title: 'Authenticated requests per second',
  how:
    'Each server is one process that answers the same page, a line with the name of the user. autocannon asks from ' +
    'another process over 32 connections without a pause, going round 500 sessions of 500 users among 10,000. ' +
    'Grapevine is a whole instance: member, replica on disk, user cache, sessions, authentication, anti-forgery ' +
    'check, guard. The rivals are Koa with koa-session as it comes; the one with Redis reads the session and then ' +
    'the user (GET each, over TCP, redis-server with Debian’s persistence: snapshots). On a machine of two cores ' +
    'server, load and Redis share them; CPU per request tells what the server itself needs.',
  comparisons: [
    {
      what,
      unit: '/s',
      subject,
      relation: 'ratio',
      rival: { contestant: overRedis, reading: 'perSecond' },
      reach: { type: 'at least', value: 3 },
    },
    {
      what,
      unit: '/s',
      subject,
      relation: 'ratio',
      rival: { contestant: overCookie, reading: 'perSecond' },
      reach: { type: 'at least', value: 2.5 },
    },
    {
      what,
      unit: '/s',
      subject,
      relation: 'ratio',
      rival: { contestant: bare, reading: 'perSecond' },
      reach: { type: 'at least', value: 0.7 },
    },
    {
      what: 'CPU of the server per authenticated request',
      unit: 'µs',
      subject: { contestant: grapevine, reading: 'cpu' },
      relation: 'ratio',
      rival: { contestant: bare, reading: 'cpu' },
    },
  ],
  prepare: async (context) => {
    const { supervisor, redis } = context
    const load = supervisor.spawn<LoadCalls>('load')
    const field = { context, load }
    const folder = await supervisor.folder()
    return [
      await contestant(
        grapevine,
        supervisor.spawn<GrapevineHttpCalls>('http/http-grapevine'),
        { folder },
        field,
      ),
      redis.type === 'missing'
        ? { type: 'absent', name: overRedis, why: redis.why }
        : await contestant(
            overRedis,
            supervisor.spawn<HttpCalls>('http/http-redis'),
            { redisPort: (await startRedis(supervisor, 'snapshots')).port },
            field,
          ),
      await contestant(overCookie, supervisor.spawn<HttpCalls>('http/http-cookie'), {}, field),
      await contestant(bare, supervisor.spawn<HttpCalls>('http/http-bare'), {}, field),
    ]
  },
}

const contestant = async (
  name: string,
  server: Remote<HttpCalls>,
  own: { readonly folder?: string; readonly redisPort?: number },
  { context, load }: { readonly context: Context; readonly load: Remote<LoadCalls> },
): Promise<Contestant> => {
  const { port } = await server.call('start', { users: 10_000, ...own })
  const url = `http://127.0.0.1:${port}`
  const sessions = context.pick({ quick: 50, full: 500 })
  // Anew for each run: a browser takes over a cookie that is renewed, and the load generator does not.
  const logIn = async (): Promise<readonly string[]> => (name === bare ? [] : await logInMany(url, sessions))
  const options = { url, connections: 32 }
  const warmUp = context.pick({ quick: 1, full: 4 })
  await load.call('load', { ...options, cookies: await logIn(), seconds: warmUp })
  return {
    type: 'present',
    name,
    run: async () => {
      const cookies = await logIn()
      await sleep(context.pick({ quick: 50, full: 500 }))
      const before = await usageOf(server.pid)
      const measured = await load.call('load', {
        ...options,
        cookies,
        seconds: context.pick({ quick: 1, full: 5 }),
      })
      const after = await usageOf(server.pid)
      const { perSecond, p50, p99, requests } = measured
      return { perSecond, p50, p99, cpu: ((after.cpu - before.cpu) * 1000) / requests }
    },
  }
}
