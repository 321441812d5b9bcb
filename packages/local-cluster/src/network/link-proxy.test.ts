import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../test-runners/eventually.ts'
import { openLinkProxy, type LinkProxy } from './link-proxy.ts'
import type { Shape } from './shaper.ts'

describe('a proxy before one port', () => {
  let server: Server
  let proxy: LinkProxy
  const logged: string[] = []
  const accepted: Socket[] = []

  beforeEach(async () => {
    logged.length = 0
    server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.push(socket)
      socket.on('error', () => undefined).pipe(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    proxy = await openLinkProxy(portOf(server), { random: () => 0, log: (line) => logged.push(line) })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await proxy.close()
    for (const socket of accepted.splice(0)) socket.destroy()
    server.close()
  })

  const echoOf = async (text: string): Promise<string> => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.end(text)
    let heard = ''
    for await (const chunk of socket) heard += String(chunk)
    return heard
  }

  test('passes on both ways, also what comes after one side has ended', async () => {
    await expect(echoOf('there and back')).resolves.toBe('there and back')
  })

  test('shapes each way by itself, from one moment to the next', async () => {
    proxy.reshape({ there: {}, back: { corruptShare: 1 } })
    await expect(echoOf('aa')).resolves.toBe('`a')
    proxy.reshape({ there: {}, back: {} })
    await expect(echoOf('aa')).resolves.toBe('aa')
  })

  test('says why a connection ended badly, and ends its other half', async () => {
    server.close()
    const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'close')
    await eventually(() => expect(logged).toEqual([expect.stringContaining('ECONNREFUSED')]), {
      within: 5_000,
    })
  })

  /** A connection that has sent what is still under way. Only such bytes have timers that can be counted. */
  const sentThrough = async (there: Shape): Promise<Socket> => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    proxy.reshape({ there, back: {} })
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write('x'.repeat(1_000))
    while (vi.getTimerCount() === 0) await setImmediate()
    return socket
  }

  test('healed, hands on what was under way in connections that are open', async () => {
    const socket = await sentThrough({ delayMs: 60_000 })
    const heard = once(socket, 'data')
    proxy.reshape({ there: {}, back: {} })
    await expect(heard).resolves.toEqual([Buffer.from('x'.repeat(1_000))])
    socket.destroy()
  })

  test.each([{ delayMs: 60_000 }, { bitsPerSecond: 8_000 }, { reorderShare: 1 }])(
    'closed, keeps no timer of what was under way: %o',
    async (there) => {
      const socket = await sentThrough(there)
      await proxy.close()
      expect(vi.getTimerCount()).toBe(0)
      socket.destroy()
      proxy = await openLinkProxy(portOf(server), { random: () => 0, log: () => undefined })
    },
  )

  test('closed, refuses connections and has ended those that were open', async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    socket.resume()
    await proxy.close()
    await closed
    await expect(once(connect(proxy.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
    proxy = await openLinkProxy(portOf(server), { random: () => 0, log: () => undefined })
  })
})

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}
