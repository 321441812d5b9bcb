import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startNode } from './cluster-node.ts'
import { resolveConfig } from './config.ts'
import type { FaultDriver } from './fault-driver.ts'
import { freePorts } from './free-ports.ts'
import type { NodeDependencies } from './node-launch.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

class FakeDriver implements FaultDriver {
  readonly settled = vi.fn<() => Promise<void>>(async () => undefined)
  readonly apply = vi.fn<FaultDriver['apply']>(async () => undefined)
  readonly attach = vi.fn<FaultDriver['attach']>()
  readonly launch = (): { execArgv: string[]; env: Record<string, string> } => ({
    execArgv: [],
    env: { FROM: 'driver' },
  })
}

test('faults are in force on a node before its start, its resume and its restart resolve', async () => {
  const driver = new FakeDriver()
  const ending = new AbortController()
  const dataDir = await mkdtemp(join(tmpdir(), 'cluster-node-test-'))
  const [port = 0] = await freePorts(1)
  const reaper = {
    watch: vi.fn<(pid: number) => void>(),
    forget: vi.fn<(pid: number) => void>(),
    close: async () => undefined,
  }
  const dependencies: NodeDependencies = {
    config: resolveConfig({ entry, nodes: 1 }),
    driver,
    reaper,
    ending: ending.signal,
  }

  const node = await startNode({ name: 'one', index: 0, port, dataDir }, dependencies)
  expect([driver.attach.mock.calls.length, driver.settled.mock.calls.length]).toEqual([1, 1])
  await expect(node.json('/env')).resolves.toMatchObject({ FROM: 'driver' })
  await node.pause()
  await node.resume()
  expect(driver.settled).toHaveBeenCalledTimes(2)
  await node.restart()
  expect([driver.attach.mock.calls.length, driver.settled.mock.calls.length]).toEqual([2, 3])

  ending.abort()
  await node.exit
  expect(reaper.forget.mock.calls).toEqual(reaper.watch.mock.calls)
  await rm(dataDir, { recursive: true })
})
