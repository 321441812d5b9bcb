import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { browser, eventually, type Browser, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { eraseUser, exportLines, importLines, nodeStatus } from '../cluster/admin.ts'
import { complaintsOf, everyNodeSees } from '../cluster/budget-cluster.ts'
import { split } from '../cluster/halves.ts'
import { ms, type Row, type Stage } from '../matrix.ts'
import { logInAtOnce, person, signUp, tryLogin, type Person } from '../people/person.ts'

/** All that is replicated is the same on all. */
const agreed = async ({ cluster }: Stage, within: number): Promise<void> => {
  await eventually(
    async () => {
      const all = await Promise.all(cluster.nodes.map(nodeStatus))
      expect(new Set(all.map(({ content }) => content)).size).toBe(1)
    },
    { within, every: 50 },
  )
}

const logIn = async (node: ClusterNode, who: Person): Promise<Browser> => {
  const visitor = browser(node)
  expect((await visitor.submit('/', { ...who })).status).toBe(302)
  return visitor
}

const add = async (visitor: Browser, label: string): Promise<void> => {
  const fields = { label, amount: '1', direction: 'received' }
  expect((await visitor.submit('/budget', fields, { action: '/budget' })).status).toBe(303)
}

/** Files of a node whose bytes hold the text. */
const filesWith = async ({ dataDir }: ClusterNode, text: string): Promise<readonly string[]> => {
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true })
  const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const held = await Promise.all(
    paths.map(async (path) => ((await readFile(path)).includes(text) ? [path] : [])),
  )
  return held.flat()
}

export const e2: Row = {
  id: 'E2',
  claim: 'a person is erased on one side while they add entries on the other: no text of theirs on any disk',
  run: async (stage) => {
    const { cluster } = stage
    const [first, ...others] = cluster.nodes
    const [second] = others
    if (first === undefined || second === undefined) throw new Error('too few nodes')
    const [gone, stays] = [person('e2-gone'), person('e2-stays')]
    for (const who of [gone, stays]) await signUp(first, who)
    await agreed(stage, 10_000)
    const visitor = await logIn(second, gone)
    await add(visitor, 'e2-text-before')
    await agreed(stage, 10_000)
    for (const node of cluster.nodes)
      expect(
        await filesWith(node, 'e2-text-before'),
        `not on ${node.name}, so that nothing is shown`,
      ).not.toEqual([])
    await split(
      cluster,
      [first.name],
      others.map(({ name }) => name),
    )
    await eraseUser(first, gone.username)
    await add(visitor, 'e2-text-apart')
    expect(await filesWith(second, 'e2-text-apart')).not.toEqual([])
    const since = performance.now()
    await cluster.heal()
    await agreed(stage, 30_000)
    const took = performance.now() - since
    await noText(stage, ['e2-text-before', 'e2-text-apart', gone.username])
    await Promise.all(cluster.nodes.map((node) => node.restart()))
    await everyNodeSees(cluster.nodes, cluster.nodes.length)
    await agreed(stage, 10_000)
    await noText(stage, ['e2-text-before', 'e2-text-apart', gone.username])
    for (const node of cluster.nodes) {
      expect((await tryLogin(node, gone)).status, node.name).not.toBe(302)
      await logInAtOnce(node, stays)
    }
    expect(complaintsOf(cluster)).toEqual([])
    return `equal ${ms(took)} after the heal; no text on ${cluster.nodes.length} disks, before and after a restart`
  },
}

const noText = async ({ cluster }: Stage, texts: readonly string[]): Promise<void> => {
  // A purge makes compaction due, within a second or two.
  await eventually(
    async () => {
      for (const node of cluster.nodes)
        for (const text of texts) expect(await filesWith(node, text), `"${text}" on ${node.name}`).toEqual([])
    },
    { within: 15_000, every: 250 },
  )
}

export const e3: Row = {
  id: 'E3',
  claim: 'an export of before an erasure is imported on a member that is cut off: it catches up',
  run: async (stage) => {
    const { cluster } = stage
    const [first, ...others] = cluster.nodes
    const alone = others.pop()
    if (first === undefined || alone === undefined) throw new Error('too few nodes')
    const [gone, stays] = [person('e3-gone'), person('e3-stays')]
    for (const who of [gone, stays]) await signUp(first, who)
    await agreed(stage, 10_000)
    const lines = await exportLines(first)
    expect(lines.some((line) => line.includes(gone.username))).toBe(true)
    await split(
      cluster,
      [first, ...others].map(({ name }) => name),
      [alone.name],
    )
    await eraseUser(first, gone.username)
    await importLines(alone, lines)
    await signUp(alone, person('e3-apart'))
    await signUp(first, person('e3-elsewhere'))
    const since = performance.now()
    await cluster.heal()
    await agreed(stage, 30_000)
    const took = performance.now() - since
    for (const node of cluster.nodes) {
      expect((await tryLogin(node, gone)).status, node.name).not.toBe(302)
      for (const who of [stays, person('e3-apart'), person('e3-elsewhere')]) await logInAtOnce(node, who)
    }
    expect(complaintsOf(cluster)).toEqual([])
    return `equal ${ms(took)} after the heal`
  },
}
