import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from './eventually.ts'
import { openLinkProxy, type LinkProxy } from './link-proxy.ts'

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
    proxy.shapes.back.corruptShare = 1
    await expect(echoOf('aa')).resolves.toBe('`a')
    proxy.shapes.back.corruptShare = undefined
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

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}
