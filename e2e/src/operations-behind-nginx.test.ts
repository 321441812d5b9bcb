import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { browser, startCluster, type Cluster } from '@grapevine/local-cluster'
import { describe, expect, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'
import { person, signUp } from './people/person.ts'
import { behindOne } from './proxies/behind.ts'
import { startNginx } from './proxies/nginx.ts'
import { isInstalled } from './proxies/running.ts'
import { publicUrl, through, type Through } from './proxies/through.ts'

const hasNginx = isInstalled('nginx', 'settings behind nginx')

const one = (extra: Readonly<Record<string, string>>): Promise<Cluster> =>
  startCluster({
    entry: budgetEntry,
    nodes: 1,
    env: budgetEnv({ ...behindOne, DRAIN_DELAY: '0', ...extra }),
    faults: 'in-process',
    startTimeoutMs: 60_000,
    stopTimeoutMs: 25_000,
  })

const warningsOf = (cluster: Cluster): string =>
  cluster
    .node(0)
    .log.filter((line) => line.includes('"level":40'))
    .join('\n')

/** nginx's own default Host is the name of the upstream; others add the port of https. */
const hosts = { app: '', port: 'proxy_set_header Host budget.example.org:443;' }

describe.skipIf(!hasNginx)('behind nginx', () => {
  test('PUBLIC_URL counts, whatever the Host header is', async () => {
    await using cluster = await one({})
    for (const [name, location] of Object.entries(hosts)) {
      await using front = await startNginx([cluster.node(0).port], { location })
      const way = through(front.port, { keepAlive: false })
      const answer = await browser(way.node).submit('/signup', { ...person(name) })
      expect([name, answer.status]).toEqual([name, 302])
      expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=/)
    }
  })

  test('without PUBLIC_URL a form is refused, and a warning names it', async () => {
    await using cluster = await one({ PUBLIC_URL: '' })
    await using front = await startNginx([cluster.node(0).port])
    const way = through(front.port, { keepAlive: false })
    const answer = await browser(way.node).submit('/signup', { ...person('ada') })
    expect(answer.status).not.toBe(302)
    expect(warningsOf(cluster)).toMatch(/set PUBLIC_URL/)
  })

  test.for([
    ['1', 302, /^(?!.*TRUSTED_PROXIES)/s],
    ['', 429, /Set TRUSTED_PROXIES/],
  ] as const)(
    'after 300 wrong log-ins of somebody, with TRUSTED_PROXIES=%s a new device of the owner is answered %i',
    async ([trusted, status, warned]) => {
      await using cluster = await one({ TRUSTED_PROXIES: trusted })
      await using front = await startNginx([cluster.node(0).port])
      const owner = through(front.port, { keepAlive: false, from: '127.0.0.3' })
      await signUp(owner.node, person('ada'))
      await guess(through(front.port, { keepAlive: false, from: '127.0.0.2' }), 300)
      expect((await browser(owner.node).submit('/', { ...person('ada') })).status).toBe(status)
      expect(warningsOf(cluster)).toMatch(warned)
    },
  )
})

const guess = async (way: Through, times: number): Promise<void> => {
  let left = times
  const guesser = async (): Promise<void> => {
    const visitor = browser(way.node)
    for (left -= 1; left >= 0; left -= 1)
      await visitor.submit('/', { username: `nobody-${left}`, password: 'a wrong password' })
  }
  await Promise.all(Array.from({ length: 4 }, guesser))
}

// Balancers keep connections open for 60 s; a minute is for the long runs: KEEP_ALIVE_SECONDS=59.
const idleSeconds = Number(process.env['KEEP_ALIVE_SECONDS'] ?? 8)

test(
  'a connection that was idle as long as balancers keep one is answered',
  { timeout: 60_000 + idleSeconds * 1_000 },
  async () => {
    await using cluster = await one({})
    const socket = connect(cluster.node(0).port, '127.0.0.1').setEncoding('utf8')
    await once(socket, 'connect')
    const ask = async (): Promise<string> => {
      socket.write(`GET /readyz HTTP/1.1\r\nHost: ${new URL(publicUrl).host}\r\n\r\n`)
      const [answer] = await once(socket, 'data')
      return String(answer)
    }
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 /)
    await delay(idleSeconds * 1_000)
    expect(socket.readyState).toBe('open')
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 /)
    socket.destroy()
  },
)
