import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../cluster.ts'

const entry = new URL('../../fixtures/counter.mjs', import.meta.url)
const permitted = process.platform === 'linux' && process.geteuid?.() === 0
if (!permitted) process.stdout.write('SKIPPED: faults of disks need Linux and root\n')

describe.runIf(permitted)('a node on a disk of its own', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ entry, nodes: 2, diskMb: 2 })
  })
  afterEach(async () => await cluster.heal())
  afterAll(async () => await cluster.stop())

  const write = async (size: number): Promise<unknown> => await cluster.node(0).json(`/write?bytes=${size}`)

  test('writes until the disk is full, and again when it is healed', async () => {
    await expect(write(100_000)).resolves.toBe('written')
    await cluster.fillDisk(0)
    await expect(write(100_000)).resolves.toBe('ENOSPC')
    await expect(cluster.node(1).json('/write?bytes=100000')).resolves.toBe('written')
    await cluster.heal()
    await expect(write(100_000)).resolves.toBe('written')
  })

  test('cannot write at all when its disk fails, goes on reading, and writes again when it is healed', async () => {
    await cluster.failDisk(0)
    await expect(write(1)).resolves.toBe('EFBIG')
    await expect(cluster.node(0).json('/count')).resolves.toBe(0)
    await cluster.heal()
    await expect(write(1)).resolves.toBe('written')
  })

  test('has a disk that works when it is restarted after a failure', async () => {
    await cluster.failDisk(0)
    await cluster.node(0).restart()
    await expect(write(1)).resolves.toBe('written')
  })
})
