import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startCluster } from './cluster.ts'
import { NodeStartError, OptionError } from './errors.ts'
import { freePorts } from './free-ports.ts'
import { holderOf, listeners } from './port-holder.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

describe("a port that is somebody else's", () => {
  let server: Server
  let port: number
  beforeEach(async () => {
    ;[port = 0] = await freePorts(1)
    server = createServer((_request, response) => response.end('ready'))
  })
  afterEach(() => void server.close())
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  test('fails the start, though the other program answers 200', async () => {
    await listen()
    const starting = startCluster({ entry, nodes: 1, place: () => ({ port }) })
    await expect(starting).rejects.toThrow(NodeStartError)
    await expect(starting).rejects.toThrow(`node-1 did not start: port ${port} is held by another program`)
  })

  test.runIf(process.platform === 'linux')(
    'fails the start also when it was taken at the last moment, by a node that stays',
    async () => {
      // A program that never listens, and takes its time: by then the port is held.
      const idle = ['-e', 'setInterval(() => undefined, 1_000)']
      const starting = startCluster({
        command: [process.execPath, ...idle],
        nodes: 1,
        faults: 'in-process',
        place: () => ({ port }),
        env: () => {
          server.listen(port, '127.0.0.1')
          return {}
        },
      })
      await expect(starting).rejects.toThrow(`port ${port} is held by another program`)
    },
  )

  test.runIf(process.platform === 'linux')('is told from one of its own', async () => {
    await expect(holderOf(port, process.pid)).resolves.toBe('nobody')
    await listen()
    await expect(holderOf(port, process.pid)).resolves.toBe('family')
    await using cluster = await startCluster({ entry, nodes: 1 })
    await expect(holderOf(port, cluster.node(0).pid)).resolves.toBe('another')
  })
})

test('who listens is read from the table, and who is only connected is not', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0`
  expect(listeners(table, 8080)).toEqual(['4711'])
  expect(listeners(table, 80)).toEqual(['4713'])
})

test('two nodes with the same fixed port are refused', async () => {
  const [port = 0] = await freePorts(1)
  const starting = startCluster({ entry, nodes: 2, faults: 'in-process', place: () => ({ port }) })
  await expect(starting).rejects.toThrow(OptionError)
  await expect(starting).rejects.toThrow(
    `place: got ${port}, allowed is a port that no other node has (node-1`,
  )
})
