import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startCluster } from '../cluster.ts'
import { ReaperError } from '../errors.ts'
import { eventually } from '../test-runners/eventually.ts'
import { probeNamespaces } from '../network/namespaces/probe.ts'
import { startReaper } from './reaper.ts'

const counter = new URL('../../fixtures/counter.mjs', import.meta.url)
const script = fileURLToPath(new URL('../../fixtures/abandoned.mjs', import.meta.url))

const nothing = { pids: [], folder: false }

const probe = await probeNamespaces()
if (probe.kind === 'impossible') process.stdout.write(`SKIPPED: what namespaces leave: ${probe.why}\n`)

interface Abandoned {
  readonly parent: ChildProcess
  readonly pids: number[]
  readonly folder: string
}

/** Starts a test run of its own, with a cluster of two nodes, one of them paused. */
const abandoned = async (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Abandoned> => {
  const parent = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  for await (const line of createInterface({ input: parent.stdout })) {
    const { pids, dataDir } = JSON.parse(line)
    return { parent, pids, folder: dirname(dataDir) }
  }
  throw new Error('the script has ended before it told what it started')
}

const text = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8' })

/** A zombie has ended; that nobody has waited for it yet is its parent's affair. */
const lives = (pid: number): boolean => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' }).split('\n')
  return rows.some((row) => Number.parseInt(row, 10) === pid && !/\sZ/.test(row))
}

/** Processes and folders of that run that are still there when it has been over for a while. */
const leftOf = async ({ parent, pids, folder }: Abandoned): Promise<{ pids: number[]; folder: boolean }> => {
  if (parent.exitCode === null && parent.signalCode === null) await once(parent, 'exit')
  const left = (): { pids: number[]; folder: boolean } => ({
    pids: pids.filter(lives),
    folder: existsSync(folder),
  })
  await eventually(() => expect(left()).toEqual(nothing), { within: 10_000 })
  return left()
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'after %s to the test run no node and no folder is left',
  async (signal) => {
    const run = await abandoned()
    expect(run.pids.map(lives)).toEqual([true, true])
    run.parent.kill(signal)
    await expect(leftOf(run)).resolves.toEqual(nothing)
  },
)

test.runIf(probe.kind === 'possible')(
  'after SIGKILL to the test run no namespace, no cable and no mounted disk is left',
  async () => {
    const run = await abandoned([], { LOCAL_CLUSTER_FAULTS: 'namespaces', DISK_MB: '2' })
    const namespace = text('ip', 'netns', 'identify', String(run.pids[0])).trim()
    const ofRun = namespace.split('-')[0] ?? 'none'
    const traces = (): string[] => [
      ...text('ip', 'netns', 'list').split('\n'),
      ...text('ip', '-o', 'link').split('\n'),
      ...text('cat', '/proc/mounts').split('\n'),
    ]
    const left = (): string[] => traces().filter((line) => line.includes(ofRun) || line.includes(run.folder))
    // Three namespaces with their mount points, the cable of the bridge, and two disks.
    expect(left().length).toBeGreaterThanOrEqual(6)
    run.parent.kill('SIGKILL')
    await expect(leftOf(run)).resolves.toEqual(nothing)
    await eventually(() => expect(left()).toEqual([]), { within: 5_000 })
  },
)

test('after a test run that throws no node and no folder is left', async () => {
  await expect(leftOf(await abandoned(['throw']))).resolves.toEqual(nothing)
})

test('what cannot be ended does not keep the reaper from the rest, and is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reaper-test-'))
  const reaper = await startReaper(folder)
  // No signal is ever sent to that group.
  reaper.watch(1)
  await expect(reaper.close()).rejects.toThrow(ReaperError)
  expect(existsSync(folder)).toBe(false)
})

test('a namespace that cannot be removed is told, one that never was is not', async () => {
  const tools = mkdtempSync(join(tmpdir(), 'reaper-tools-'))
  onTestFinished(() => rmSync(tools, { recursive: true }))
  const ip = `#!/bin/sh
case "$2" in
  list) echo 'lctest-1 (id: 0)' ;;
  delete) echo 'Device or resource busy' >&2; exit 1 ;;
esac`
  writeFileSync(join(tools, 'ip'), ip, { mode: 0o755 })
  vi.stubEnv('PATH', `${tools}:${process.env['PATH']}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const closed = async (namespace: string): Promise<void> => {
    const reaper = await startReaper(mkdtempSync(join(tmpdir(), 'reaper-test-')))
    reaper.watchNamespace(namespace)
    await reaper.close()
  }
  await expect(closed('lctest-1')).rejects.toThrow(ReaperError)
  await expect(closed('lctest-2')).resolves.toBeUndefined()
})

test.runIf(probe.kind === 'possible')(
  'after SIGKILL in the midst of looking whether namespaces are possible none is left',
  async () => {
    const built = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href
    // It stops at its first command in the namespace.
    const code = `
      import { probeNamespaces } from '${built('network/namespaces/probe.js')}'
      import { systemCommand } from '${built('process/system-command.js')}'
      setInterval(() => undefined, 1_000)
      await probeNamespaces(async (file, args, input) => {
        if (args[1] !== 'exec') return await systemCommand(file, args, input)
        process.stdout.write('inside')
        return await new Promise(() => undefined)
      })`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const left = (): string[] =>
      text('ip', 'netns', 'list')
        .split('\n')
        .filter((line) => line.startsWith(`lcprobe-${parent.pid}-`))
    await once(parent.stdout, 'data')
    expect(left()).toHaveLength(1)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await eventually(() => expect(left()).toEqual([]), { within: 5_000 })
  },
)

test.runIf(probe.kind === 'possible')(
  'in a namespace also that ends with a node which has left its process group',
  async () => {
    const child =
      "import { spawn } from 'node:child_process'; console.log('pid', spawn('sleep', ['600'], { detached: true }).pid)"
    const env = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(child)}"` }
    const cluster = await startCluster({ entry: counter, nodes: 1, env, faults: 'namespaces' })
    const children = (): number[] =>
      cluster.node(0).log.flatMap((line) => (line.startsWith('pid') ? Number(line.slice(4)) : []))
    expect(children().map(lives)).toEqual([true])
    await cluster.node(0).restart()
    expect(children().map(lives)).toEqual([false, true])
    await cluster.stop()
    expect(children().map(lives)).toEqual([false, false])
  },
)

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
