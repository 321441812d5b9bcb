import { EventEmitter, once } from 'node:events'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { resolveConfig, type ClusterOptions } from './config.ts'
import { createControlPanel } from './ipc/control-panel.ts'
import type { Disks } from './faults/disks.ts'
import { UnknownNodeError } from './errors.ts'
import type { FaultDriver } from './faults/fault-driver.ts'
import { createNodeLogs } from './process/node-logs.ts'
import { createClusterNodes, type ClusterNodes } from './cluster-nodes.ts'
import { fakeDriver } from './testing/fake-driver.ts'
import { fakeReaper } from './testing/fake-reaper.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

/** No process is started in these tests: it is refused before. */
const nodesWith = (
  options: Partial<ClusterOptions> = {},
  driver: Partial<FaultDriver> = {},
  someDisks: Partial<Disks> = {},
): ClusterNodes => {
  const disks: Disks = {
    open: async (node) => `/nowhere/${node}`,
    remove: async () => undefined,
    fill: async () => undefined,
    free: async () => undefined,
    close: async () => undefined,
    ...someDisks,
  }
  const config = resolveConfig({ entry, nodes: 1, ...options })
  const shared = {
    config,
    driver: fakeDriver(driver),
    panel: createControlPanel({ timeoutMs: 100 }),
    logs: createNodeLogs(10, () => undefined),
    preload: entry,
    reaper: fakeReaper().reaper,
    ending: AbortSignal.abort(),
  }
  return createClusterNodes(shared, disks)
}

describe('the nodes of a cluster', () => {
  test('no two nodes ever have the same name, and the names stand by index', async () => {
    const step = fc.oneof(fc.constant('enrol'), fc.nat(5))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clusterNodes = nodesWith()
        for (const each of steps) {
          if (each === 'enrol') clusterNodes.enrol()
          else await clusterNodes.withdraw(`node-${each}`)
          expect(new Set(clusterNodes.names).size).toBe(clusterNodes.names.length)
        }
      }),
    )
  })

  test('a name and an index that were given back are given again, and the others stay', async () => {
    const withdrawn = vi.fn<(node: string) => Promise<void>>(async () => undefined)
    const clusterNodes = nodesWith({}, { withdraw: withdrawn })
    for (const name of ['a', 'x', 'b']) clusterNodes.enrol(name)
    expect(() => clusterNodes.enrol('x')).toThrow(InvalidOptionError)
    await clusterNodes.withdraw('x')
    expect([clusterNodes.names, withdrawn.mock.calls]).toEqual([['a', 'b'], [['x']]])
    expect(clusterNodes.enrol('x')).toBe('x')
    expect(clusterNodes.names).toEqual(['a', 'x', 'b'])
  })

  test.each(['folder', 'network'])(
    'a name is given again only when what was under it is gone, its %s too',
    async (slow) => {
      const removal = new EventEmitter()
      const gone = async (what: string): Promise<void> => {
        if (what === slow) await once(removal, 'done')
      }
      const clusterNodes = nodesWith(
        {},
        { withdraw: async () => await gone('network') },
        { remove: async () => await gone('folder') },
      )
      clusterNodes.enrol('x')
      const withdrawing = clusterNodes.withdraw('x')
      await new Promise(setImmediate)
      expect(() => clusterNodes.enrol('x')).toThrow(InvalidOptionError)
      removal.emit('done')
      await withdrawing
      expect(clusterNodes.enrol('x')).toBe('x')
    },
  )

  test('a folder that cannot be removed does not keep the rest, and is told', async () => {
    const withdrawn = vi.fn<(node: string) => Promise<void>>(async () => undefined)
    const remove = async (): Promise<void> => {
      throw new Error('busy')
    }
    const clusterNodes = nodesWith({}, { withdraw: withdrawn }, { remove })
    clusterNodes.enrol('x')
    await expect(clusterNodes.withdraw('x')).rejects.toThrow('busy')
    expect([clusterNodes.names, withdrawn.mock.calls]).toEqual([[], [['x']]])
  })

  test('a node that was enrolled and not started is not found', () => {
    const clusterNodes = nodesWith()
    clusterNodes.enrol('a')
    for (const ref of ['a', 0, 1, -1]) expect(() => clusterNodes.find(ref)).toThrow(UnknownNodeError)
  })

  test('two nodes at one address are refused; each at its own may have the same port', async () => {
    const place = { place: () => ({ port: 1, dataDir: '.' }) }
    const together = nodesWith(place)
    const names = ['a', 'b'].map((name) => together.enrol(name))
    await expect(together.start(names)).rejects.toThrow('place is 1; allowed: a port that no other node has')
    const apart = nodesWith(place, { name: 'namespaces', settle: async ({ name }) => name })
    for (const name of names) apart.enrol(name)
    // The cluster is over, which is seen only after the places were taken.
    await expect(apart.start(names)).rejects.toThrow('aborted')
  })
})
