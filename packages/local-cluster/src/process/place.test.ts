import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startCluster } from '../cluster.ts'
import { resolveConfig } from '../config.ts'
import { freePorts } from './free-ports.ts'

const entry = new URL('../../fixtures/counter.mjs', import.meta.url)

let folder: string | undefined
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true })
  folder = undefined
})

test('a node lives where it was told to, and its folder is there after the cluster has ended', async () => {
  folder = await mkdtemp(join(tmpdir(), 'place-'))
  const dataDir = join(folder, 'kept')
  const [port = 0] = await freePorts(1)
  const lines: string[] = []
  const cluster = await startCluster({
    entry,
    nodes: 1,
    place: () => ({ port, dataDir }),
    onLine: (node, line) => void lines.push(`${node}: ${line}`),
  })
  try {
    expect([cluster.node(0).port, cluster.node(0).dataDir]).toEqual([port, dataDir])
    await writeFile(join(dataDir, 'mine'), 'kept')
    expect(lines).toEqual(cluster.node(0).log.map((line) => `node-1: ${line}`))
  } finally {
    await cluster.stop()
  }
  expect(await readFile(join(dataDir, 'mine'), 'utf8')).toBe('kept')
})

test.each([
  [{ place: () => ({ port: 0 }) }, /^place\.port is 0/],
  [{ place: () => ({ dataDir: '/x' }), diskMb: 8 }, /^place\.dataDir is "\/x"; allowed: none where diskMb/],
])('a place that cannot be had is refused', (options, message) => {
  const { place } = resolveConfig({ entry, nodes: 1, ...options })
  expect(() => place({ name: 'node-1', index: 0 })).toThrow(message)
})

test('a node is run with the Node.js that was asked for, of all nodes or of each', async () => {
  folder = await mkdtemp(join(tmpdir(), 'place-'))
  const other = join(folder, 'other-node')
  await symlink(process.execPath, other)
  await using cluster = await startCluster({
    entry,
    nodes: 2,
    execPath: ({ index }) => (index === 0 ? process.execPath : other),
  })
  const ran = cluster.nodes.map(
    async ({ pid }) => (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')[0],
  )
  expect(await Promise.all(ran)).toEqual([process.execPath, other])
})
