import type { Measurement } from '../../measurement.ts'
import type { GrapevineHttpCalls } from '../../programs/http/http-grapevine.ts'
import type { LoadCalls } from '../../programs/load.ts'
import { logInMany, loginForm } from './log-in.ts'

const quiet = 'Grapevine, nobody logs in'
const busy = 'Grapevine, 20 logins/s'

export const requestsWhileHashing: Measurement = {
  name: 'hashing',
  title: 'The same while 20 logins per second are hashed',
  how:
    'The Grapevine server of the first measurement under the same load; meanwhile 20 logins per second arrive, each ' +
    'verified with argon2id at the default cost (19 MiB, two passes), or refused when the queue is full. On two ' +
    'cores, server, load and hashing do not fit: the tail tells how the system shares them out.',
  comparisons: [
    {
      what: 'p99 of authenticated requests, 32 connections',
      unit: 'ms',
      subject: { contestant: busy, reading: 'p99' },
      relation: 'ratio',
      rival: { contestant: quiet, reading: 'p99' },
      reach: { type: 'at most', value: 3 },
    },
    {
      what: 'authenticated requests/s meanwhile',
      unit: '/s',
      subject: { contestant: busy, reading: 'perSecond' },
      relation: 'ratio',
      rival: { contestant: quiet, reading: 'perSecond' },
    },
  ],
  prepare: async ({ supervisor, pick }) => {
    const load = supervisor.spawn<LoadCalls>('load')
    const server = supervisor.spawn<GrapevineHttpCalls>('http/http-grapevine')
    const { port } = await server.call('start', { users: 10_000, folder: await supervisor.folder() })
    const url = `http://127.0.0.1:${port}`
    /** With sessions of now: a browser takes over a cookie that is renewed, and the load generator does not. */
    const options = async () => ({
      url,
      cookies: await logInMany(url, pick({ quick: 50, full: 500 })),
      connections: 32,
      seconds: pick({ quick: 2, full: 5 }),
    })
    await load.call('load', await options())
    return [
      {
        type: 'present',
        name: busy,
        run: async () => {
          const logins = { perSecond: 20, ...(await loginForm(url, 0)) }
          const { p50, p99, perSecond, loggedIn } = await load.call('load', { ...(await options()), logins })
          return { p50, p99, perSecond, loggedIn }
        },
      },
      {
        type: 'present',
        name: quiet,
        run: async () => {
          const { p50, p99, perSecond } = await load.call('load', await options())
          return { p50, p99, perSecond }
        },
      },
    ]
  },
}
