import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * `count` different ports of 127.0.0.1 that nobody listens on, none of them in `taken` (a stopped node's port is free
 * now but still its own). All are held at once while picking, or the system could give the same one twice. They are
 * free again when this resolves: another program may take one first, and the node then fails to start, aloud.
 */
export async function freePorts(count: number, taken: readonly number[] = []): Promise<number[]> {
  const holders: Server[] = []
  const ports: number[] = []
  try {
    while (ports.length < count) {
      const holder = createServer()
      holders.push(holder)
      const port = await listen(holder)
      if (!taken.includes(port)) ports.push(port)
    }
  } finally {
    await Promise.all(holders.map((holder) => close(holder)))
  }
  return ports
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  await once(server, 'close')
}
