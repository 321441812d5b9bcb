import { EventEmitter, once } from 'node:events'
import { cp, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { NodeStartError, startCluster, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { crowdOf, exportUsers, importUsers, usersReplica } from './cluster/admin.ts'
import { budgetEntry, budgetEnv, complaintsOf, startBudget } from './cluster/budget-cluster.ts'
import { checkAll } from './cluster/check.ts'
import { garbage } from './hostile/wire/bytes.ts'
import { lanes, ms, type Row, type Stage } from './matrix.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'

/** What X may be, from the restart, in milliseconds; the matrix limits it for wiped disks only. */
const target = 15_000
const patience = 60_000

/** By name of the node: it begins to compact its log. */
const compactions = new EventEmitter()
const begins = 'the log is being compacted'
const ends = 'the log is compacted'

/** Nodes that are each a cluster of their own: what one loses nobody gives back. They compact as often as they can. */
const startAlone = async (): Promise<Cluster> => {
  const shared = budgetEnv({ COMPACT_AFTER: '1024' })
  return await startCluster({
    entry: budgetEntry,
    nodes: 3,
    startTimeoutMs: 40_000,
    env: ({ name, host }) => ({
      ...shared,
      CLUSTER_NAME: `${shared['CLUSTER_NAME']}-${name}`,
      CLUSTER_LISTEN: `/ip4/${host}/tcp/0`,
    }),
    onLine: (node, line) => void (line.includes(begins) && compactions.emit(node)),
  })
}

/** Kills of each node; the log doubles from one compaction to the next, and so do the users. */
const kills = 4

/** When to kill: in which compaction, and so many milliseconds after it has begun. */
interface Moment {
  readonly compaction: number
  readonly after: number
}

const f15: Row = {
  id: 'F15',
  claim: 'SIGKILL during compaction of the log, a node alone: it loads, and nothing is lost',
  run: async ({ cluster, random }) => {
    const moments = cluster.nodes.map(() =>
      Array.from({ length: kills }, () => ({
        compaction: 1 + Math.floor(random() * 4),
        after: random() * 30,
      })),
    )
    const all = await Promise.all(cluster.nodes.map((node, index) => killedOver(node, moments[index] ?? [])))
    const hits = all.reduce((sum, { within }) => sum + within, 0)
    expect(hits, 'kills between the beginning and the end of a compaction').toBeGreaterThan(0)
    const counts = all.map(({ users }) => users)
    return `${hits} of ${kills * all.length} kills within a compaction, up to ${Math.max(...counts)} users, none lost`
  },
}

const killedOver = async (
  node: ClusterNode,
  moments: readonly Moment[],
): Promise<{ within: number; users: number }> => {
  const first = person(`${node.name}-first`)
  await signUp(node, first)
  const passwordHash = (await exportUsers(node))[0]?.passwordHash ?? ''
  const tried = new Set([first.username])
  const acknowledged = new Set(tried)
  let within = 0
  for (const [round, moment] of moments.entries()) {
    const crowd = crowdOf(4_000, `${node.name}-${round}`, passwordHash)
    for (const { username } of crowd) tried.add(username)
    const importing = importUsers(node, crowd, (done) => {
      for (const { username } of crowd.slice(0, done)) acknowledged.add(username)
    }).catch(() => undefined)
    const imported = new AbortController()
    const waiting = begun(node, moment.compaction, imported.signal).catch(() => undefined)
    await Promise.race([importing, waiting]).finally(() => imported.abort())
    await delay(moment.after)
    await node.kill()
    await importing
    if (lastOf(node, [begins, ends]) === begins) within++
    await node.restart()
    await expectKept(node, acknowledged, tried)
  }
  await logInAtOnce(node, first)
  return { within, users: acknowledged.size }
}

const begun = async ({ name }: ClusterNode, times: number, signal: AbortSignal): Promise<void> => {
  for (let time = 0; time < times; time++) await once(compactions, name, { signal })
}

/** Which of these a node said last. */
const lastOf = ({ log }: ClusterNode, sayings: readonly string[]): string | undefined => {
  const line = log.findLast((said) => sayings.some((saying) => said.includes(saying)))
  return sayings.find((saying) => line?.includes(saying))
}

const expectKept = async (
  node: ClusterNode,
  acknowledged: ReadonlySet<string>,
  tried: ReadonlySet<string>,
): Promise<void> => {
  const names = new Set((await exportUsers(node)).map(({ username }) => username))
  const lost = [...acknowledged].filter((name) => !names.has(name))
  expect(lost, `lost by ${node.name}, of ${acknowledged.size}`).toEqual([])
  expect(
    [...names].filter((name) => !tried.has(name)),
    `made up by ${node.name}`,
  ).toEqual([])
  expect((await usersReplica(node)).damaged, `${node.name} found its log damaged`).toBe(0)
}

const recovered = async ({ cluster, signUps }: Stage, since: number): Promise<string> => {
  const took = await checkAll(cluster, signUps, { within: patience, since, sample: 20 })
  expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(target)
  return `X ${ms(took)}`
}

const usersFolder = ({ dataDir }: ClusterNode): string => join(dataDir, 'users')

/** Cuts the log at any byte of what was written since the start. Resolves to how much is gone. */
const cutLog = async (node: ClusterNode, share: number): Promise<string> => {
  const folder = usersFolder(node)
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  const sized = await Promise.all(
    logs.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })),
  )
  const largest = sized.toSorted((a, b) => b.size - a.size)[0] ?? { name: 'no log', size: 0 }
  expect(largest.size, 'bytes of log').toBeGreaterThan(0)
  const kept = Math.floor(share * largest.size)
  await truncate(join(folder, largest.name), kept)
  return `${largest.size - kept} of ${largest.size}`
}

const d1: Row = {
  id: 'D1',
  claim: 'the log cut at any byte of its tail: the node starts, says so, and has all from the others again',
  run: async (stage) => {
    const { cluster, signUps, random } = stage
    const victims = cluster.nodes.slice(1)
    const cuts: string[] = []
    let figures = ''
    for (let round = 0; round < 3; round++) {
      await signUps.many(8, cluster.nodes)
      await checkAll(cluster, signUps, { within: patience, sample: 1 })
      await Promise.all(victims.map((node) => node.stop()))
      for (const node of victims) cuts.push(await cutLog(node, random()))
      const since = performance.now()
      await Promise.all(victims.map((node) => node.restart()))
      const complaints = complaintsOf(cluster)
      for (const { name } of victims)
        expect(complaints, `cut by ${cuts.join(', ')}`).toContainEqual(
          expect.stringMatching(new RegExp(`^${name}: .*members will be asked for what it held`)),
        )
      for (const node of victims)
        expect((await usersReplica(node)).damaged, `${node.name}, cut by ${cuts.join(', ')}`).toBe(1)
      figures = await recovered(stage, since)
    }
    return `${cuts.length} cuts, by ${cuts.join(', ')} bytes; ${figures} from the last restart`
  },
}

/** Puts another folder in the place of a node's own, and its own back afterwards. */
const withFolder = async (
  node: ClusterNode,
  name: string,
  other: string,
  act: () => Promise<void>,
): Promise<void> => {
  const own = join(node.dataDir, name)
  await rename(own, `${own}.own`)
  try {
    await cp(other, own, { recursive: true })
    await act()
  } finally {
    await rm(own, { recursive: true })
    await rename(`${own}.own`, own)
  }
}

/** A start that must fail; what the node said before it ended. */
const refusal = async (node: ClusterNode): Promise<string> => {
  const before = node.log.length
  await expect(node.restart()).rejects.toThrow(NodeStartError)
  return node.log.slice(before).join('\n')
}

const scramble = async (folder: string, random: () => number): Promise<void> => {
  for (const name of await readdir(folder)) await writeFile(join(folder, name), garbage(1_000, random))
}

const d5: Row = {
  id: 'D5',
  claim: 'data of another cluster, or garbage: a clear message; foreign data is never merged',
  run: async (stage) => {
    const { cluster, signUps, random } = stage
    const [, second = cluster.node(0), third = cluster.node(0)] = cluster.nodes
    const mallory = person('mallory')
    await using others = await startBudget(1)
    await signUp(others.node(0), mallory)
    await others.node(0).stop()

    await third.stop()
    await withFolder(third, 'users', usersFolder(others.node(0)), async () => {
      expect(await refusal(third)).toMatch(/holds .+\/users.+; expected .+; nothing was read or changed/)
    })
    await withFolder(third, 'member', join(second.dataDir, 'member'), async () => {
      await scramble(join(third.dataDir, 'member'), random)
      expect(await refusal(third)).toMatch(/member\.key/)
    })

    await second.stop()
    await scramble(usersFolder(second), random)
    const since = performance.now()
    await Promise.all([second.restart(), third.restart()])
    expect(complaintsOf(cluster)).toContainEqual(
      expect.stringMatching(new RegExp(`^${second.name}: .*the disk’s data is damaged`)),
    )
    expect(await readdir(usersFolder(second))).toContainEqual(expect.stringMatching(/\.damaged$/))
    const figures = await recovered(stage, since)
    for (const node of cluster.nodes) expect((await tryLogin(node, mallory)).status, node.name).toBe(200)
    return `refused, and said whose it is; garbage set aside, all there again ${figures}; ${signUps.acknowledged.length} users`
  },
}

describe('the fault matrix: logs that are damaged, foreign, or half compacted', () => {
  lanes(
    { name: 'compactions', start: startAlone, rows: [f15] },
    { name: 'damage', start: () => startBudget(3), rows: [d1, d5] },
  )
})
