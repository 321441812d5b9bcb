import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer, request, type IncomingMessage } from 'node:http'
import { connect, createServer, Server, Socket, type LookupFunction } from 'node:net'
import { hostname, networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { installSocketFilter, type SocketFilter } from './socket-filter.ts'

const heard: number[] = []
let filter: SocketFilter
let server: Server
let port = 0

const ownAddress = (): string => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.3'
}

/** However a program may name this machine; not every machine has all of them. */
const hostNames = ['127.0.0.1', '127.0.0.2', 'LOCALHOST', '::ffff:127.0.0.1', '::1', hostname(), ownAddress()]

/** Of the names, those by which a server on all addresses of this machine is found. */
const namesReached = async (): Promise<string[]> => {
  const server = createServer((socket) => socket.on('error', () => undefined).end())
  server.listen(0)
  await once(server, 'listening')
  const address = server.address()
  const reachable = async (host: string): Promise<string[]> => {
    const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, host)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(5_000) })
      return [host]
    } catch {
      return []
    } finally {
      socket.on('error', () => undefined).destroy()
    }
  }
  const found = await Promise.all(hostNames.map(reachable))
  server.close()
  return found.flat()
}

// Before the filter is there: what it does not let through must be what a plain connect reaches.
const reached = await namesReached()
const unreached = hostNames.filter((name) => !reached.includes(name))
if (unreached.length > 0)
  process.stdout.write(
    `SKIPPED: names by which this machine does not reach itself: ${unreached.join(', ')}\n`,
  )

beforeAll(async () => {
  filter = installSocketFilter((listening) => heard.push(listening))
  server = createServer((socket) => socket.on('error', () => undefined).end('hello'))
  server.listen(0)
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
beforeEach(() => filter.route([], {}))
// Test files share a process: it must be theirs again afterwards.
const { connect: plainConnect } = Socket.prototype
const { listen: plainListen } = Server.prototype
afterAll(() => {
  server.close()
  Object.assign(Socket.prototype, { connect: plainConnect })
  Object.assign(Server.prototype, { listen: plainListen })
})

test('a socket in a folder is no network: whoever asks one by http gets an answer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socket-filter-'))
  const local = createHttpServer((_request, response) => response.end('here'))
  try {
    const socketPath = join(folder, 'http.sock')
    await once(local.listen(socketPath), 'listening')
    const [response]: IncomingMessage[] = await once(request({ socketPath, path: '/' }).end(), 'response')
    expect(response === undefined ? '' : await text(response)).toBe('here')
  } finally {
    local.close()
    await rm(folder, { recursive: true })
  }
})

interface Target {
  readonly port: number
  readonly host?: string
  readonly lookup?: LookupFunction
}

const said = async (...args: [number, string?] | [Target]): Promise<string> => {
  const socket = Reflect.apply(connect, undefined, args)
  try {
    const [chunk] = await once(socket, 'data')
    return String(chunk)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

describe('the filter before sockets', () => {
  test('hears of every port that is listened on', () => expect(heard).toContain(port))

  test.each([
    ['a port and a host', [0, '127.0.0.1']],
    ['a port alone', [0]],
    ['options', [{ port: 0 }]],
    ['options with a name', [{ port: 0, host: 'localhost' }]],
  ] as const)(
    'refuses what is forbidden, asked for by %s, and lets it pass again',
    async (_how, [target, host]) => {
      const ask = async (): Promise<string> =>
        typeof target === 'number'
          ? await said(port, host ?? '127.0.0.1')
          : await said({ ...target, host: '127.0.0.1', port })
      filter.route([port], {})
      await expect(ask()).resolves.toBe('ECONNREFUSED')
      filter.route([], {})
      await expect(ask()).resolves.toBe('hello')
    },
  )

  test.each(reached)('refuses what is forbidden, whatever this machine is called: %s', async (host) => {
    await expect(said({ port, host })).resolves.toBe('hello')
    filter.route([port], {})
    await expect(said({ port, host })).resolves.toBe('ECONNREFUSED')
  })

  test.each(reached)('leads by a detour, whatever this machine is called: %s', async (host) => {
    filter.route([], { 9: port })
    await expect(said({ port: 9, host })).resolves.toBe('hello')
  })

  test.each([
    ['one address', '127.0.0.1'],
    ['all that it has', [{ address: '127.0.0.1', family: 4 }]],
  ])('leads by a detour to a name that only the lookup of the caller knows, as %s', async (_how, answer) => {
    const lookup: LookupFunction = (_name, _options, callback) => callback(null, answer, 4)
    filter.route([], { 9: port })
    await expect(said({ port: 9, host: 'shop.invalid', lookup })).resolves.toBe('hello')
  })

  test('leaves a name that leads nowhere to the socket, by a detour or not', async () => {
    filter.route([], { 9: port })
    await expect(said({ port: 9, host: 'nowhere.invalid' })).resolves.toMatch(/ENOTFOUND|EAI_AGAIN/)
    await expect(said({ port: 10, host: 'nowhere.invalid' })).resolves.toMatch(/ENOTFOUND|EAI_AGAIN/)
  })

  test.each(reached.filter((name) => name === '127.0.0.1' || name === hostname()))(
    'ends what is open to %s when it becomes forbidden',
    async (host) => {
      const socket = connect(port, host)
      await once(socket, 'connect')
      const error = once(socket, 'error')
      filter.route([port], {})
      await expect(error).resolves.toMatchObject([{ code: 'ECONNRESET' }])
    },
  )

  test('leads by a detour, whatever port was asked for', async () => {
    filter.route([], { 9: port })
    await expect(said(9, '127.0.0.1')).resolves.toBe('hello')
    await expect(said({ port: 9, host: 'localhost' })).resolves.toBe('hello')
  })

  test('does not judge what leads to other machines', async () => {
    filter.route([port], {})
    const socket = connect({ port, host: '192.0.2.1' }).on('error', () => undefined)
    expect(socket.connecting).toBe(true)
    socket.destroy()
  })
})
