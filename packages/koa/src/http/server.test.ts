import { once } from 'node:events'
import { Agent, createServer, request, type RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '@grapevine/std'
import { expect, onTestFinished, test } from 'vitest'
import { openServer } from './server.ts'

/** A minute, as balancers keep connections, is for whoever has one: KEEP_ALIVE_SECONDS=59. Node.js by itself closes after 5 s. */
const idleSeconds = Number(process.env['KEEP_ALIVE_SECONDS'] ?? 6)

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

interface Answered {
  readonly text: string
  /** Which connection it came by. */
  readonly from: number | undefined
}

const ask = (port: number, agent: Agent | false): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, agent }, (response) => {
      const from = response.socket.localPort
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => void (text += part))
      response.once('end', () => resolve({ text, from }))
    })
    call.once('error', reject).end()
  })

const saying =
  (word: string): RequestListener =>
  (_request, response) =>
    void response.end(word)

const serve = async (word: string, port: number, reusePort: boolean): Promise<void> => {
  const address = { host: '127.0.0.1', port }
  const server = await openServer(
    saying(word),
    address,
    systemClock,
    reusePort ? { sharing: { reusePort } } : {},
  )
  onTestFinished(() => server.drain())
}

test(
  `a connection that was idle for ${idleSeconds} s is answered on`,
  { timeout: (idleSeconds + 5) * 1_000 },
  async () => {
    const port = await freePort()
    await serve('here', port, false)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const first = await ask(port, agent)
    await delay(idleSeconds * 1_000)
    expect(await ask(port, agent)).toEqual(first)
  },
)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const hasReusePort = process.platform === 'linux' && (major > 22 || (major === 22 && minor >= 12))
if (!hasReusePort) process.stdout.write('SKIPPED: reusePort, for Node.js has it from 22.12 on, on Linux\n')

test.runIf(hasReusePort)(
  'two behind one port each get some of the connections, and one of them all when the other ends',
  async () => {
    const port = await freePort()
    const address = { host: '127.0.0.1', port }
    const how = { sharing: { reusePort: true } }
    const one = await openServer(saying('one'), address, systemClock, how)
    await serve('two', port, true)
    const asked = async (): Promise<string[]> => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask(port, false)))
      return [...new Set(answers.map(({ text }) => text))].toSorted()
    }
    expect(await asked()).toEqual(['one', 'two'])
    await one.drain()
    expect(await asked()).toEqual(['two'])
  },
)

test.skipIf(hasReusePort)(
  'before Node.js 22.12 the second behind one port is told that it is in use',
  async () => {
    const port = await freePort()
    await serve('one', port, true)
    await expect(serve('two', port, true)).rejects.toThrow(`PORT: ${port} is in use by another process`)
  },
)
