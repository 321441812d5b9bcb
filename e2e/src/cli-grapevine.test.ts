import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { eventually, startCluster, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { budgetEntry, budgetEnv, startBudget } from './cluster/budget-cluster.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'

const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

const grapevine = async (
  node: ClusterNode,
  ...args: readonly string[]
): Promise<{ code: number | null; out: string; said: string }> => {
  const child = spawn(process.execPath, [program, '--data', node.dataDir, ...args], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, said }
}

let cluster: Cluster
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  cluster = await startBudget(2)
})
afterAll(async () => {
  await cluster.stop()
  await rm(folder, { recursive: true })
})

describe('grapevine', () => {
  const [ada, bob] = [person('ada'), person('bob')]

  test('shows the members and the node, in words and as JSON', async () => {
    const [one, two] = cluster.nodes
    if (one === undefined || two === undefined) throw new Error('two nodes were asked for')
    expect((await grapevine(one, 'members')).out).toMatch(/node-2 +alive +same/)
    expect((await grapevine(two, 'status')).out).toContain('node-2: ready\nsees the whole cluster')
    const { members } = JSON.parse((await grapevine(one, 'members', '--json')).out)
    expect(members).toHaveLength(2)
  })

  test('the socket is its owner’s alone', async () => {
    const { mode } = await stat(join(cluster.node(0).dataDir, 'admin.sock'))
    expect(mode & 0o777).toBe(0o600)
  })

  test('disables somebody on every member, and enables them again', async () => {
    await signUp(cluster.node(0), ada)
    expect(await grapevine(cluster.node(0), 'users', 'disable', 'ADA')).toMatchObject({
      code: 0,
      out: 'ada is disabled, on 2 members.\n',
    })
    expect((await tryLogin(cluster.node(1), ada)).status).toBe(200)
    await grapevine(cluster.node(1), 'users', 'enable', 'ada')
    await logInAtOnce(cluster.node(0), ada)
  })

  test('erases somebody on every member, for good', async () => {
    await signUp(cluster.node(0), bob)
    expect((await grapevine(cluster.node(0), 'users', 'erase', 'bob')).code).toBe(2)
    expect((await grapevine(cluster.node(0), 'users', 'erase', 'bob', '--yes')).code).toBe(0)
    expect((await tryLogin(cluster.node(1), bob)).status).toBe(200)
    const again = await grapevine(cluster.node(1), 'users', 'erase', 'bob', '--yes')
    expect([again.code, again.said]).toEqual([1, 'No user here is called "bob".\n'])
  })

  test('moves the users to another cluster, where they log in', async () => {
    const file = join(folder, 'users.jsonl')
    expect((await grapevine(cluster.node(1), 'users', 'export', file)).code).toBe(0)
    expect(await readFile(file, 'utf8')).not.toContain('bob')
    await using other = await startCluster({
      entry: budgetEntry,
      nodes: 1,
      env: budgetEnv(),
      startTimeoutMs: 40_000,
    })
    const imported = await grapevine(other.node(0), 'users', 'import', file, '--json')
    expect(JSON.parse(imported.out)).toMatchObject({ known: 0 })
    await logInAtOnce(other.node(0), ada)
    const again = await grapevine(other.node(0), 'users', 'import', file, '--json')
    expect(JSON.parse(again.out)).toMatchObject({ inserted: 0 })
  })

  test('puts a backup of a running node back into an empty cluster, whose erased stay erased', async () => {
    const file = join(folder, 'all.jsonl')
    expect((await grapevine(cluster.node(0), 'backup', file)).code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await using other = await startCluster({
      entry: budgetEntry,
      nodes: 1,
      env: budgetEnv(),
      startTimeoutMs: 40_000,
    })
    const restored = await grapevine(other.node(0), 'restore', file, '--yes', '--json')
    // Some facts stand in several documents, such as that all sessions were ended: the second time they are known.
    const { inserted, erased } = JSON.parse(restored.out)
    expect([inserted > 0, erased]).toEqual([true, 0])
    await logInAtOnce(other.node(0), ada)
    expect((await grapevine(other.node(0), 'users', 'erase', 'ada', '--yes')).code).toBe(0)
    const again = await grapevine(other.node(0), 'restore', file, '--yes', '--json')
    expect(JSON.parse(again.out)).toMatchObject({ inserted: 0 })
    expect((await tryLogin(other.node(0), ada)).status).toBe(200)
    await truncate(file, (await stat(file)).size - 10)
    expect(await grapevine(other.node(0), 'restore', file, '--yes')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Nothing was restored.'),
    })
  })

  test('says that nothing is wrong, and of a node that lost its companion that something is', async () => {
    expect((await grapevine(cluster.node(0), 'doctor')).code).toBe(0)
    await cluster.node(1).kill()
    await eventually(
      async () => {
        const { code, out } = await grapevine(cluster.node(0), 'doctor')
        expect([code, out]).toEqual([3, expect.stringContaining('PROBLEM  members: node-2 is down')])
      },
      { within: 20_000 },
    )
    await cluster.node(1).restart()
  })

  test('says so when the node has stopped', async () => {
    await cluster.node(1).stop()
    const { code, said } = await grapevine(cluster.node(1), 'members')
    expect(code).toBe(1)
    expect(said).toMatch(/No node runs there/)
  })
})
