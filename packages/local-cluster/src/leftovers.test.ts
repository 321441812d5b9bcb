import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startCluster } from './cluster.ts'
import { eventually } from './eventually.ts'

const counter = new URL('../fixtures/counter.mjs', import.meta.url)
const script = fileURLToPath(new URL('../fixtures/abandoned.mjs', import.meta.url))

const NOTHING = { pids: [], folder: false }

interface Abandoned {
  readonly parent: ChildProcess
  readonly pids: number[]
  readonly folder: string
}

/** Starts a test run of its own, with a cluster of two nodes, one of them paused. */
async function abandoned(...args: string[]): Promise<Abandoned> {
  const parent = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: parent.stdout })) {
    const { pids, dataDir } = JSON.parse(line)
    return { parent, pids, folder: dirname(dataDir) }
  }
  throw new Error('the script has ended before it told what it started')
}

/** A zombie has ended; that nobody has waited for it yet is its parent's affair. */
function lives(pid: number): boolean {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' }).split('\n')
  return rows.some((row) => Number.parseInt(row, 10) === pid && !/\sZ/.test(row))
}

/** Processes and folders of that run that are still there when it has been over for a while. */
async function leftOf({ parent, pids, folder }: Abandoned): Promise<{ pids: number[]; folder: boolean }> {
  if (parent.exitCode === null && parent.signalCode === null) await once(parent, 'exit')
  const left = (): { pids: number[]; folder: boolean } => ({
    pids: pids.filter(lives),
    folder: existsSync(folder),
  })
  await eventually(() => expect(left()).toEqual(NOTHING), { within: 10_000 })
  return left()
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'after %s to the test run no node and no folder is left',
  async (signal) => {
    const run = await abandoned()
    expect(run.pids.map(lives)).toEqual([true, true])
    run.parent.kill(signal)
    await expect(leftOf(run)).resolves.toEqual(NOTHING)
  },
)

test('after a test run that throws no node and no folder is left', async () => {
  await expect(leftOf(await abandoned('throw'))).resolves.toEqual(NOTHING)
})

test('what a node has started ends with it, also when it ends by itself', async () => {
  const child = "import { spawn } from 'node:child_process'; console.log('pid', spawn('sleep', ['600']).pid)"
  const env = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(child)}"` }
  await using cluster = await startCluster({ entry: counter, nodes: 1, env })
  const pid = Number(
    cluster
      .node(0)
      .log.find((line) => line.startsWith('pid'))
      ?.slice(4),
  )
  expect(lives(pid)).toBe(true)
  await expect(cluster.node(0).fetch('/crash', { method: 'POST' })).rejects.toThrow('fetch failed')
  await eventually(() => expect(lives(pid)).toBe(false), { within: 5_000 })
})
