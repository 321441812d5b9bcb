import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { builtFile } from './reaper/built-file.ts'
import { startNode } from './cluster-node.ts'
import { resolveConfig } from './config.ts'
import { createControlPanel } from './ipc/control-panel.ts'
import { freePorts } from './process/free-ports.ts'
import type { NodeDependencies } from './process/node-launch.ts'
import { createNodeLogs } from './process/node-logs.ts'
import { fakeDriver } from './testing/fake-driver.ts'
import { fakeReaper } from './testing/fake-reaper.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

const driver = fakeDriver({ launch: async () => ['env', 'FROM=driver'] })

test('faults are in force on a node before its start, its resume and its restart resolve', async () => {
  const panel = createControlPanel({ timeoutMs: 5_000 })
  const attach = vi.spyOn(panel, 'attach')
  const settled = vi.spyOn(panel, 'settled')
  const ending = new AbortController()
  const dataDir = await mkdtemp(join(tmpdir(), 'cluster-node-test-'))
  const [port = 0] = await freePorts(1)
  const { reaper, watched } = fakeReaper()
  const dependencies: NodeDependencies = {
    config: resolveConfig({ entry, nodes: 1 }),
    driver,
    panel,
    logs: createNodeLogs(100, () => undefined),
    preload: builtFile('preload/preload.js'),
    places: () => [],
    reaper,
    ending: ending.signal,
  }

  const node = await startNode({ name: 'one', index: 0, host: '127.0.0.1', port, dataDir }, dependencies)
  expect([attach.mock.calls.length, settled.mock.calls.length]).toEqual([1, 1])
  expect([...watched]).toEqual([`group ${node.pid}`])
  await expect(node.json('/env')).resolves.toMatchObject({ FROM: 'driver' })
  await node.pause()
  await node.resume()
  expect(settled).toHaveBeenCalledTimes(2)
  await node.restart()
  expect([attach.mock.calls.length, settled.mock.calls.length]).toEqual([2, 3])

  ending.abort()
  await node.exit
  expect([...watched]).toEqual([])
  await rm(dataDir, { recursive: true })
})
