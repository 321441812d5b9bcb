import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '@grapevine/local-cluster'
import { expect, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'

const run = async (env: Readonly<Record<string, string>>): Promise<{ code: unknown; stderr: string }> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'instance-'))
  try {
    const child = spawn(process.execPath, [budgetEntry], {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
    const [code] = await once(child, 'close', { signal: AbortSignal.timeout(20_000) })
    return { code, stderr }
  } finally {
    await rm(dataDir, { recursive: true })
  }
}

test.each([
  ['CLUSTER_SECRET', {}],
  ['CLUSTER_SECRET', { CLUSTER_SECRET: 'too short' }],
  ['PORT', { CLUSTER_SECRET: 'a-secret-for-this-test', PORT: 'http' }],
  [
    'HOST',
    {
      CLUSTER_SECRET: 'a-secret-for-this-test',
      HOST: '203.0.113.1',
      PORT: '4999',
      CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
    },
  ],
  ['CLUSTER_SEEDS', { CLUSTER_SECRET: 'a-secret-for-this-test', CLUSTER_SEEDS: 'nonsense' }],
  ['DATA_DIR', { CLUSTER_SECRET: 'a-secret-for-this-test', DATA_DIR: '/dev/null/data' }],
])('a bad %s ends the instance with one line that names it', async (variable, env) => {
  const { code, stderr } = await run(env)
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^${variable}: .+\\n$`))
})

test('a second instance on the same data folder is refused', async () => {
  await using cluster = await startCluster({ entry: budgetEntry, nodes: 1, env: budgetEnv() })
  const { code, stderr } = await run({ ...budgetEnv(), PORT: '4998', DATA_DIR: cluster.node(0).dataDir })
  expect(code).toBe(1)
  expect(stderr).toMatch(/in use by another process\n$/)
})

test('the data folder of another cluster is refused and not touched, also if nothing was written to it', async () => {
  await using cluster = await startCluster({ entry: budgetEntry, nodes: 1, env: budgetEnv() })
  const { dataDir } = cluster.node(0)
  await cluster.node(0).stop()
  const { code, stderr } = await run({ ...budgetEnv(), PORT: '4998', DATA_DIR: dataDir })
  expect(code).toBe(1)
  expect(stderr).toContain('nothing was read or changed')
  await cluster.node(0).restart()
})

test('a stranger with another secret gets no user', async () => {
  const env = budgetEnv()
  await using cluster = await startCluster({ entry: budgetEntry, nodes: 1, env })
  await using strangers = await startCluster({
    entry: budgetEntry,
    nodes: 1,
    env: { ...env, CLUSTER_SECRET: 'another-secret-altogether' },
  })
  const { eventually } = await import('@grapevine/local-cluster')
  await eventually(
    async () => {
      for (const node of [cluster.node(0), strangers.node(0)]) {
        expect(node.log.join('\n')).toContain('its cluster name or secret differs from ours')
      }
    },
    { within: 20_000 },
  )
  expect(JSON.stringify(await strangers.node(0).json('/cluster.json'))).not.toContain('suspect')
})
