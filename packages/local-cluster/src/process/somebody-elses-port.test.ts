import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { startCluster } from '../cluster.ts'
import { NodeStartError } from '../errors.ts'
import { freePorts } from './free-ports.ts'
import { holderOf, listeners, type PortHolder } from './port-holder.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0`

const entry = new URL('../../fixtures/counter.mjs', import.meta.url)

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

/** A machine of these processes, as /proc tells of it; the one with `hidden` may not be looked into. */
const machineOf = async (
  processes: readonly { pid: number; parent: number; socket?: string; hidden?: true }[],
): Promise<string> => {
  const proc = await mkdtemp(join(tmpdir(), 'proc-'))
  onTestFinished(async () => await rm(proc, { recursive: true }))
  await mkdir(join(proc, 'net'))
  await writeFile(join(proc, 'net/tcp'), table)
  for (const { pid, parent, socket, hidden } of processes) {
    await mkdir(join(proc, String(pid)))
    await writeFile(join(proc, `${pid}/stat`), `${pid} (a) program) S ${parent} ${pid} ${pid} 0`)
    const files = join(proc, `${pid}/fd`)
    // Whoever runs the tests may look into everything, but not into a file as if it were a folder.
    if (hidden === true) await writeFile(files, '')
    else await mkdir(files)
    if (socket !== undefined) await symlink(`socket:[${socket}]`, join(files, '4'))
  }
  return proc
}

test.runIf(process.platform === 'linux')(
  'who cannot be looked into is not called another program',
  async () => {
    const holder = async (...processes: Parameters<typeof machineOf>[0]): Promise<PortHolder> =>
      await holderOf(8080, 10, await machineOf([{ pid: 10, parent: 1 }, ...processes]))
    const sudo = { pid: 11, parent: 10, hidden: true } as const
    await expect(holder({ pid: 11, parent: 10, socket: '4711' })).resolves.toBe('family')
    await expect(holder(sudo)).resolves.toBe('unknown')
    await expect(holder(sudo, { pid: 20, parent: 1, socket: '4711' })).resolves.toBe('another')
    // All of the family can be seen, and none has it.
    await expect(holder({ pid: 20, parent: 1, hidden: true })).resolves.toBe('another')
  },
)

test('who listens is read from the table, and who is only connected is not', () => {
  expect(listeners(table, 8080)).toEqual(['4711'])
  expect(listeners(table, 80)).toEqual(['4713'])
})

test('two nodes with the same fixed port are refused', async () => {
  const [port = 0] = await freePorts(1)
  const starting = startCluster({ entry, nodes: 2, faults: 'in-process', place: () => ({ port }) })
  await expect(starting).rejects.toThrow(InvalidOptionError)
  await expect(starting).rejects.toThrow(`place is ${port}; allowed: a port that no other node has (node-1`)
})
