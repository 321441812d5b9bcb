import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browser, eventually, type BrowserNode } from '@grapevine/local-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { budgetEntry, budgetEnv, type ClusterJson } from './cluster/budget-cluster.ts'
import { person, signUp } from './people/person.ts'
import { freePort, run, type RunningProgram } from './proxies/running.ts'

const clusterMain = fileURLToPath(new URL('../fixtures/cluster-main.mjs', import.meta.url))
const workers = 3

/** Whoever of them answers: connections are not kept, so each request may come to another. */
const anyOf = (port: number): BrowserNode => {
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('connection', 'close')
      // Whoever was handed a connection may be killed before it answers.
      return fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(5_000), ...init, headers })
    },
  }
}

const statusOf = async (node: BrowserNode): Promise<ClusterJson> => {
  const answer = await node.fetch('/cluster.json')
  expect(answer.status).toBe(200)
  return JSON.parse(await answer.text())
}

const namesAndStates = ({ members }: ClusterJson): string[] =>
  members.map(({ name, state }) => `${name} ${state}`).toSorted()

const allAlive = ['box alive', 'box-2 alive', 'box-3 alive']

/** The answers of as many different members as there are workers. */
const everyWorker = async (node: BrowserNode): Promise<ClusterJson[]> => {
  const seen = new Map<string, ClusterJson>()
  for (let ask = 0; ask < 20 * workers && seen.size < workers; ask += 1) {
    const status = await statusOf(node)
    seen.set(status.self.id, status)
  }
  expect([...seen.values()].map(({ self }) => self.name).toSorted()).toEqual(['box', 'box-2', 'box-3'])
  return [...seen.values()]
}

const together = (node: BrowserNode): Promise<ClusterJson[]> =>
  eventually(
    async () => {
      const all = await everyWorker(node)
      for (const one of all) expect(namesAndStates(one)).toEqual(allAlive)
      return all
    },
    { within: 60_000, every: 500 },
  )

const idsOf = (all: readonly ClusterJson[]): string[] => all.map(({ self }) => self.id).toSorted()

const startWorkers = async (
  dataDir: string,
  port: number,
  extra: Record<string, string>,
): Promise<RunningProgram> => {
  const env = {
    ...budgetEnv({ NODE_NAME: 'box', LOG_LEVEL: 'info', ...extra }),
    PORT: String(port),
    DATA_DIR: dataDir,
    WORKERS: String(workers),
    ENTRY: budgetEntry,
  }
  return await run(process.execPath, [clusterMain], env)
}

const tempFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'slots-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test.for([
  ['a cluster port that is given', { CLUSTER_LISTEN: `/ip4/127.0.0.1/tcp/${await freePort()}` }],
  ['any cluster port', {}],
] as const)(
  'workers of node:cluster share a port and a folder, find each other, and one that crashed is the same member again: %s',
  async ([, extra]) => {
    const [folder, port] = [await tempFolder(), await freePort()]
    await using program = await startWorkers(folder, port, extra)
    const node = anyOf(port)
    const before = await together(node).catch((error: unknown) => {
      throw new Error(program.said(), { cause: error })
    })
    await signUp(node, person('ada'))
    const victim = Number(/"pid":(\d+),"msg":"listening"/.exec(program.said())?.[1])
    process.kill(victim, 'SIGKILL')
    await eventually(
      async () => expect(program.said().match(/"msg":"listening"/g)).toHaveLength(workers + 1),
      { within: 60_000 },
    )
    const again = await together(node).catch((error: unknown) => {
      throw new Error(program.said().slice(-6_000), { cause: error })
    })
    expect(idsOf(again)).toEqual(idsOf(before))
    expect((await readdir(folder)).filter((name) => name.startsWith('slot-'))).toEqual(['slot-2', 'slot-3'])
    expect((await browser(node).submit('/', { ...person('ada') })).status).toBe(302)
  },
)
