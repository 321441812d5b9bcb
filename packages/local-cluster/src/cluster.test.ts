import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { startCluster, type Cluster } from './cluster.ts'
import { eventually } from './test-runners/eventually.ts'
import { ClusterStoppedError, NodeStartError, NodeStateError, UnknownNodeError } from './errors.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

describe('a cluster of a plain program', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({
      entry,
      nodes: 2,
      env: ({ name, index }) => ({ GREETING: `${index} ${name}` }),
    })
  })
  afterAll(async () => await cluster.stop())

  test('each node is a process with a port, a folder and variables of its own', async () => {
    const [one, two] = cluster.nodes
    expect(new Set([one?.pid, two?.pid, process.pid]).size).toBe(3)
    await expect(two?.json('/env')).resolves.toMatchObject({
      GREETING: '1 node-2',
      NODE_NAME: 'node-2',
      PORT: String(two?.port),
      DATA_DIR: two?.dataDir,
    })
    await expect(two?.json('/env')).resolves.not.toHaveProperty('LOCAL_CLUSTER_ORDERS')
    await expect(two?.json('/env')).resolves.not.toHaveProperty('VITEST')
    expect(one?.port).not.toBe(two?.port)
    expect(one?.log).toContain('node-1 listens')
  })

  test('a node is found by name and by index from 0', () => {
    expect(cluster.node('node-2')).toBe(cluster.node(1))
    expect(() => cluster.node(2)).toThrow(UnknownNodeError)
    expect(() => cluster.node('node-0')).toThrow(
      'there is no node "node-0"; the nodes are node-1, node-2 (indexes 0 to 1)',
    )
  })

  test('a killed node is gone at once; restarted, it has its port and its folder again', async () => {
    const node = cluster.node(0)
    const { pid, port } = node
    await node.fetch('/count', { method: 'POST' })
    await expect(node.kill()).resolves.toEqual({ code: null, signal: 'SIGKILL' })
    expect(node.state).toEqual({ kind: 'exited', code: null, signal: 'SIGKILL' })
    await expect(node.fetch('/count')).rejects.toThrow('fetch failed')

    await node.restart()
    expect([node.port, node.pid === pid, node.state.kind]).toEqual([port, false, 'running'])
    await expect(node.json('/count')).resolves.toBe(1)
  })

  test('a paused node answers nothing until it is resumed', async () => {
    const node = cluster.node(0)
    await node.pause()
    expect(node.state.kind).toBe('paused')
    await expect(node.fetch('/count', { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/)
    await expect(node.pause()).rejects.toThrow(NodeStateError)
    await node.resume()
    await expect(node.json('/count')).resolves.toEqual(expect.any(Number))
    await expect(node.resume()).rejects.toThrow('cannot resume node-1: its process is running')
  })

  test('healing resumes who is paused', async () => {
    await cluster.node(1).pause()
    await cluster.heal()
    await expect(cluster.node(1).json('/count')).resolves.toBe(0)
  })

  test('an exit that nobody asked for shows in the state', async () => {
    const node = cluster.node(1)
    await expect(node.fetch('/crash', { method: 'POST' })).rejects.toThrow('fetch failed')
    await expect(node.exit).resolves.toEqual({ code: 3, signal: null })
    expect(node.state).toEqual({ kind: 'exited', code: 3, signal: null })
    expect(node.log.at(-1)).toBe('[local-cluster] it ended by itself, with code 3')
    await node.restart()
  })

  test('a path to another host is refused', async () => {
    await expect(cluster.node(0).fetch('//example.org')).rejects.toThrow(InvalidOptionError)
    await expect(cluster.node(0).json('/nowhere')).rejects.toThrow('/nowhere answered 404: wanted 2xx')
    await expect(cluster.node(0).json('/readyz')).rejects.toThrow('/readyz answered 200: not JSON')
  })
})

test('a node that could not be started again is started by the next heal', async () => {
  await using cluster = await startCluster({ entry, nodes: 1, faults: 'in-process' })
  const { port } = cluster.node(0)
  await cluster.kill(0)
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  await expect(cluster.heal()).rejects.toThrow(`port ${port} is held by another program`)
  other.close()
  await once(other, 'close')
  await cluster.heal()
  expect(cluster.node(0).state.kind).toBe('running')
})

test('restarts of one node that are asked for at once come one after the other', async () => {
  await using cluster = await startCluster({ entry, nodes: 1 })
  await Promise.all([1, 2, 3].map(async () => await cluster.node(0).restart()))
  expect(cluster.node(0).log.filter((line) => line === 'node-1 listens')).toHaveLength(4)
  expect(cluster.node(0).state.kind).toBe('running')
})

test('stopping asks first; a node that does not listen is killed, and both are said', async () => {
  const env = ({ index }: { index: number }): Record<string, string> => ({
    STUBBORN: index === 0 ? 'yes' : 'no',
  })
  await using cluster = await startCluster({ entry, nodes: 2, stopTimeoutMs: 2_000, env })
  const [stubborn, willing] = [cluster.node(0), cluster.node(1)]
  await willing.pause()
  await expect(willing.stop()).resolves.toEqual({ how: 'graceful', code: 0, signal: null })
  await expect(stubborn.stop()).resolves.toEqual({ how: 'forced', code: null, signal: 'SIGKILL' })
  expect(stubborn.log).toEqual([
    'node-1 listens',
    'asked to stop',
    expect.stringMatching(/SIGKILL: still there 2000 ms/),
  ])
})

test('an end that went wrong is in the log when the stop resolves, one that went well is not', async () => {
  const env = ({ index }: { index: number }): Record<string, string> => ({
    STOP_CODE: index === 0 ? '3' : '0',
  })
  await using cluster = await startCluster({ entry, nodes: 2, env })
  await cluster.stop()
  expect(cluster.nodes.map((node) => node.log.at(-1))).toEqual([
    '[local-cluster] told to stop, it ended with code 3',
    'asked to stop',
  ])
})

test('after stop nothing is left, and nothing can be started', async () => {
  const cluster = await startCluster({ entry, nodes: 2 })
  const folder = dirname(cluster.node(0).dataDir)
  expect(existsSync(folder)).toBe(true)
  await Promise.all([cluster.stop(), cluster.stop()])
  expect(existsSync(folder)).toBe(false)
  expect(cluster.nodes.map((node) => node.state.kind)).toEqual(['exited', 'exited'])
  await expect(cluster.start()).rejects.toThrow(ClusterStoppedError)
  await expect(cluster.node(0).restart()).rejects.toThrow(ClusterStoppedError)
  const faults = [
    cluster.flap({ downMs: 10, upMs: 10 }),
    cluster.ring(),
    cluster.partition([[0]]),
    cluster.pause(0),
    cluster.kill(0),
    cluster.skewClock(0, 1),
    cluster.failDisk(0),
  ]
  for (const fault of faults) await expect(fault).rejects.toThrow(ClusterStoppedError)
  await cluster.heal()
})

test.each<[string, (cluster: Cluster) => Promise<void>, string]>([
  ['a link from a node to itself', (cluster) => cluster.cut(0, 'node-1'), 'two different nodes'],
  ['the like one way', (cluster) => cluster.cutOneWay(1, 1), 'two different nodes'],
  ['the like as a slow link', (cluster) => cluster.slow({ delayMs: 9, on: [0, 0] }), 'two different nodes'],
  ['a partition of nobody', (cluster) => cluster.partition([]), 'at least one group'],
  ['a bridge of nobody', (cluster) => cluster.bridge([]), 'at least one group'],
  [
    'a misspelt rate',
    (cluster) => cluster.slow(JSON.parse('{"delayMS":9}')),
    'delayMS is unknown; allowed: on, bitsPerSecond, delayMs',
  ],
  [
    'a misspelt node',
    (cluster) => cluster.lose(JSON.parse('{"share":1,"of":0}')),
    'of is unknown; allowed: on, share',
  ],
  [
    'a misspelt time',
    (cluster) => cluster.flap(JSON.parse('{"down":9}')),
    'down is unknown; allowed: on, downMs, upMs',
  ],
])('%s is refused', async (_what, fault, message) => {
  const asked = fault(await shared())
  await expect(asked).rejects.toThrow(InvalidOptionError)
  await expect(asked).rejects.toThrow(message)
})

let forRefusals: Promise<Cluster> | undefined
const shared = (): Promise<Cluster> =>
  (forRefusals ??= startCluster({ entry, nodes: 2, faults: 'in-process' }))
afterAll(async () => await (await forRefusals)?.stop())

test('the disk of a node that is gone cannot fail', async () => {
  const cluster = await shared()
  await cluster.node(1).kill()
  await expect(cluster.failDisk(1)).rejects.toThrow('cannot fail the disk of node-2: its process is exited')
})

test('a program that exits fails the start at once, with its last words', async () => {
  const starting = startCluster({
    entry,
    nodes: 2,
    env: ({ index }) => (index === 1 ? { NODE_OPTIONS: '--import=data:text/javascript,throw(7)' } : {}),
  })
  await expect(starting).rejects.toThrow(NodeStartError)
  await expect(starting).rejects.toThrow(
    /^node-2 did not start: it exited with code 1\. Its last lines:\n[^]*7/,
  )
})

test('a program that never is ready fails the start, saying what it answered', async () => {
  // Long enough for a busy machine to start a process: until then nobody answers.
  const starting = startCluster({ entry, nodes: 1, ready: '/nowhere', startTimeoutMs: 3_000 })
  await expect(starting).rejects.toThrow(
    /node-1 did not start: not ready within 3000 ms \(.*\/nowhere answered 404\)/,
  )
})

test('an aborted signal kills all nodes', async () => {
  const timeOut = new AbortController()
  const cluster = await startCluster({ entry, nodes: 2, signal: timeOut.signal })
  await cluster.node(1).pause()
  timeOut.abort()
  await expect(cluster.node(0).exit).resolves.toEqual({ code: null, signal: 'SIGKILL' })
  await expect(cluster.node(1).exit).resolves.toEqual({ code: null, signal: 'SIGKILL' })
  await cluster.stop()
})

test('an aborted signal ends what flaps, and the folder goes without a stop', async () => {
  const timeOut = new AbortController()
  const cluster = await startCluster({ entry, nodes: 2, signal: timeOut.signal })
  const folder = dirname(cluster.node(0).dataDir)
  await cluster.flap({ downMs: 10, upMs: 10 })
  timeOut.abort()
  await expect(cluster.flap({ downMs: 10, upMs: 10 })).rejects.toThrow(ClusterStoppedError)
  await eventually(() => expect(existsSync(folder)).toBe(false), { within: 10_000 })
})
