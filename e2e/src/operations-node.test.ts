import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { browser, eventually, startCluster, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'
import { person, signUp, tryLogin } from './people/person.ts'

const one = (env: Readonly<Record<string, string>> = {}, ready = '/readyz'): Promise<Cluster> =>
  startCluster({
    entry: budgetEntry,
    nodes: 1,
    env: budgetEnv(env),
    ready,
    startTimeoutMs: 40_000,
    stopTimeoutMs: 20_000,
  })

interface LogEntry {
  readonly msg: string
  readonly node: string
  readonly requestId?: string
}

const entries = ({ log }: ClusterNode): LogEntry[] =>
  log.filter((line) => line.startsWith('{')).map((line): LogEntry => JSON.parse(line))

describe('one instance', () => {
  test('is healthy before it is ready, and says so to people in the meantime', async () => {
    await using cluster = await one({}, '/healthz')
    const node = cluster.node(0)
    // Alone, it waits for the whole window in which somebody could answer.
    expect((await node.fetch('/readyz')).status).toBe(503)
    const early = await node.fetch('/', { headers: { accept: 'text/html' } })
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1'])
    await eventually(async () => expect((await node.fetch('/readyz')).status).toBe(200), { within: 20_000 })
    expect((await node.fetch('/')).status).toBe(200)
  })

  test('counts what happens at the door by its result, and names each request in its log', async () => {
    await using cluster = await one({ LOG_LEVEL: 'debug' })
    const node = cluster.node(0)
    await signUp(node, person('ada'))
    await tryLogin(node, { username: 'ada', password: 'not the password' })
    const metrics = await (await node.fetch('/metrics')).text()
    expect(metrics).toMatch(/grapevine_auth_events_total\{type="signed-up",reason=""\} 1/)
    expect(metrics).toMatch(/grapevine_auth_events_total\{type="login-refused",reason="no-match"\} 1/)
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'grapevine_suspicion_seconds_count',
      'grapevine_hash_jobs',
    ]) {
      expect(metrics).toContain(name)
    }
    expect(metrics).toMatch(/grapevine_log_bytes\{replica="users"\} [1-9]/)
    expect(metrics).toMatch(/grapevine_diverged_members 0/)

    const lines = entries(node)
    expect(new Set(lines.map(({ node: name }) => name))).toEqual(new Set(['node-1']))
    const refused = lines.find(({ msg }) => msg === 'login-refused')
    expect(refused?.requestId).toBeTruthy()
    const answered = lines.filter(({ requestId }) => requestId === refused?.requestId).map(({ msg }) => msg)
    expect(answered).toContain('answered')
    expect(node.log.join('\n')).not.toContain('not the password')

    // An id that the proxy in front gave is kept, and nothing that is none.
    const idOf = async (given: string): Promise<string | null> =>
      (await node.fetch('/healthz', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
    expect(await idOf('4bf92f35-77b3')).toBe('4bf92f35-77b3')
    for (const given of ['x'.repeat(65), 'two words', '{"level":60}'])
      expect(await idOf(given)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('shows its inside to nobody in production who is not an operator', async () => {
    await using cluster = await one({ NODE_ENV: 'production', OPERATORS: 'ada' })
    for (const path of ['/cluster', '/cluster/feed', '/cluster.json']) {
      expect((await cluster.node(0).fetch(path)).status, path).toBe(403)
    }
  })
})

describe('SIGTERM', () => {
  test('lets an open request finish, ends streams, breaks off who hangs, and is over within its bound', async () => {
    await using cluster = await one()
    const node = cluster.node(0)
    const visitor = browser(node)
    const form = await visitor.get('/signup')
    const watched = fetch(`${node.url}/cluster/feed`).then((answer) => answer.text())
    const slow = await halfPost(node)
    const hanging = await halfPost(node)
    await delay(200)

    const started = Date.now()
    const stopped = node.stop()
    await watched
    slow.socket.write('x=1')
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 403 /)
    const outcome = await stopped
    hanging.socket.destroy()
    expect(form.status).toBe(200)
    expect(outcome).toMatchObject({ how: 'graceful', code: 0 })
    // 5 s for open requests, and then the farewell; other work on this machine may slow both.
    expect(Date.now() - started).toBeLessThan(15_000)
    expect(entries(node).at(-1)?.msg).toBe('stopped')
  })
})

/** A POST of which the last three bytes are still to come. */
const halfPost = async (node: ClusterNode): Promise<{ socket: Socket; answer: Promise<string> }> => {
  const socket = connect(node.port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk))
  socket.on('error', () => socket.destroy())
  const answer = once(socket, 'close').then(() => text)
  socket.write(
    `POST /signup HTTP/1.1\r\nHost: ${node.host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n`,
  )
  return { socket, answer }
}
