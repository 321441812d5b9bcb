import { EventEmitter, once } from 'node:events'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { startCluster } from './cluster.ts'
import { NodeStartError } from './errors.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

test('a node can be added later, once under its name', async () => {
  await using cluster = await startCluster({ entry, nodes: ['left'] })
  const right = await cluster.start('right')
  expect([right.index, cluster.nodes.length, cluster.node('right') === right]).toEqual([1, 2, true])
  await expect(cluster.start('right')).rejects.toThrow(InvalidOptionError)
})

test('a node that fails to start leaves no name, no place in the ring and no folder', async () => {
  const refuse = { NODE_OPTIONS: '--import=data:text/javascript,throw(7)' }
  let refused = true
  await using cluster = await startCluster({
    entry,
    nodes: ['a', 'b'],
    env: ({ name }) => (name === 'x' && refused ? refuse : {}),
  })
  const folder = dirname(cluster.node('a').dataDir)
  await expect(cluster.start('x')).rejects.toThrow(NodeStartError)
  expect(readdirSync(folder).sort()).toEqual(['a', 'b'])
  expect(() => cluster.node('x')).toThrow('the nodes are a, b (indexes 0 to 1)')
  refused = false
  const node = await cluster.start('x')
  expect([node.index, cluster.nodes.length]).toEqual([2, 3])
})

test('a node that runs, and could not be brought under the faults in force, is ended and leaves nothing', async () => {
  let silenced: number | undefined
  const silence = (): void => {
    silenced = cluster.node('a').pid
    process.kill(silenced, 'SIGSTOP')
  }
  await using cluster = await startCluster({
    entry,
    nodes: ['a', 'b'],
    faults: 'in-process',
    faultTimeoutMs: 1_500,
    // Behind the cluster's back, when the faults were extended before the start, and are to be once more after it.
    place: ({ name }) => {
      if (name === 'x') silence()
      return {}
    },
  })
  await cluster.partition([['a'], ['b']])
  const folder = dirname(cluster.node('a').dataDir)
  try {
    await expect(cluster.start('x')).rejects.toThrow('a did not confirm the fault within 1500 ms')
    expect(cluster.nodes.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(readdirSync(folder).sort()).toEqual(['a', 'b'])
  } finally {
    if (silenced !== undefined) process.kill(silenced, 'SIGCONT')
  }
})

test('a node that takes its time to load keeps neither the start of another waiting nor a fault', async () => {
  const load = `console.log('loads');Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,2_500)`
  const slow = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(load)}` }
  const loads = new EventEmitter()
  await using cluster = await startCluster({
    entry,
    nodes: ['a', 'b'],
    faults: 'in-process',
    // Less than it loads for.
    faultTimeoutMs: 1_500,
    env: ({ name }) => (name === 'b' ? slow : {}),
    onLine: (node, line) => void loads.emit(`${node} ${line}`),
  })
  const loading = once(loads, 'b loads')
  const restarting = cluster.node('b').restart()
  await loading
  await cluster.partition([['a'], ['b']])
  await expect(restarting).resolves.toMatchObject({ how: 'graceful' })
})
