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
import { createRoster, type Roster } from './roster.ts'
import { fakeDriver } from './testing/fake-driver.ts'
import { fakeReaper } from './testing/fake-reaper.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

/** No process is started in these tests: it is refused before. */
const rosterWith = (
  options: Partial<ClusterOptions> = {},
  driver: Partial<FaultDriver> = {},
  someDisks: Partial<Disks> = {},
): Roster => {
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
  return createRoster(shared, disks)
}

describe('the roster', () => {
  test('no two nodes ever have the same name, and the names stand by index', async () => {
    const step = fc.oneof(fc.constant('enrol'), fc.nat(5))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const roster = rosterWith()
        for (const each of steps) {
          if (each === 'enrol') roster.enrol()
          else await roster.withdraw(`node-${each}`)
          expect(new Set(roster.names).size).toBe(roster.names.length)
        }
      }),
    )
  })

  test('a name and an index that were given back are given again, and the others stay', async () => {
    const withdrawn = vi.fn<(node: string) => Promise<void>>(async () => undefined)
    const roster = rosterWith({}, { withdraw: withdrawn })
    for (const name of ['a', 'x', 'b']) roster.enrol(name)
    expect(() => roster.enrol('x')).toThrow(InvalidOptionError)
    await roster.withdraw('x')
    expect([roster.names, withdrawn.mock.calls]).toEqual([['a', 'b'], [['x']]])
    expect(roster.enrol('x')).toBe('x')
    expect(roster.names).toEqual(['a', 'x', 'b'])
  })

  test.each(['folder', 'network'])(
    'a name is given again only when what was under it is gone, its %s too',
    async (slow) => {
      const removal = new EventEmitter()
      const gone = async (what: string): Promise<void> => {
        if (what === slow) await once(removal, 'done')
      }
      const roster = rosterWith(
        {},
        { withdraw: async () => await gone('network') },
        { remove: async () => await gone('folder') },
      )
      roster.enrol('x')
      const withdrawing = roster.withdraw('x')
      await new Promise(setImmediate)
      expect(() => roster.enrol('x')).toThrow(InvalidOptionError)
      removal.emit('done')
      await withdrawing
      expect(roster.enrol('x')).toBe('x')
    },
  )

  test('a folder that cannot be removed does not keep the rest, and is told', async () => {
    const withdrawn = vi.fn<(node: string) => Promise<void>>(async () => undefined)
    const remove = async (): Promise<void> => {
      throw new Error('busy')
    }
    const roster = rosterWith({}, { withdraw: withdrawn }, { remove })
    roster.enrol('x')
    await expect(roster.withdraw('x')).rejects.toThrow('busy')
    expect([roster.names, withdrawn.mock.calls]).toEqual([[], [['x']]])
  })

  test('a node that was enrolled and not started is not found', () => {
    const roster = rosterWith()
    roster.enrol('a')
    for (const ref of ['a', 0, 1, -1]) expect(() => roster.find(ref)).toThrow(UnknownNodeError)
  })

  test('two nodes at one address are refused; each at its own may have the same port', async () => {
    const place = { place: () => ({ port: 1, dataDir: '.' }) }
    const together = rosterWith(place)
    const names = ['a', 'b'].map((name) => together.enrol(name))
    await expect(together.start(names)).rejects.toThrow('place is 1; allowed: a port that no other node has')
    const apart = rosterWith(place, { name: 'namespaces', settle: async ({ name }) => name })
    for (const name of names) apart.enrol(name)
    // The cluster is over, which is seen only after the places were taken.
    await expect(apart.start(names)).rejects.toThrow('aborted')
  })
})
