/**
 * The program of the reaper: a process that outlives the one which started the cluster, if only for a moment.
 *
 * It reads lines such as `+ group 123` and `- group 123`: what to watch, or no longer. When its input ends, its parent
 * has closed it or is dead, for whatever reason. Then it removes what is still watched, and the cluster's folder.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { reasonOf } from '@grapevine/std'
import { signalGroup, signalProcess } from '../process/process-group.ts'

const commandTimeoutMs = 10_000

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: reaper-main <folder to remove>')

const watched = { group: new Set<string>(), mount: new Set<string>(), namespace: new Set<string>() }
const kinds = ['group', 'mount', 'namespace'] as const

/** Whatever cannot be ended or removed is said, and the rest must still go. */
const attempt = (task: () => void): void => {
  try {
    task()
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`local-cluster: left behind: ${reasonOf(error)}\n`)
  }
}

/** What has left its group with a session of its own is still in the namespace. */
const killAllIn = (namespace: string): void => {
  for (const pid of linesOf('ip', ['netns', 'pids', namespace]))
    attempt(() => signalProcess(Number(pid), 'SIGKILL'))
}

const linesOf = (command: string, args: readonly string[]): string[] =>
  (run(command, args).stdout ?? '').split('\n').filter(Boolean)

/** Bounded, so that a command that hangs does not keep the rest from being removed. */
const run = (command: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandTimeoutMs,
    killSignal: 'SIGKILL',
  })

/** One that is not there was not made yet, or is gone already. */
const removeNamespace = (name: string): void => {
  const { status, signal, stderr } = run('ip', ['netns', 'delete', name])
  if (status === 0 || (signal === null && !namespaces().includes(name))) return
  throw new Error(`namespace ${name}: ${signal === null ? stderr.trim() : 'its removal took too long'}`)
}

/** Each line is a name, and maybe an id. */
const namespaces = (): string[] =>
  linesOf('ip', ['netns', 'list']).flatMap((line) => line.split(' ')[0] ?? [])

for await (const line of createInterface({ input: process.stdin })) {
  const [, sign, word, name] = /^([+-]) (\w+) (.+)$/.exec(line) ?? []
  const kind = kinds.find((known) => known === word)
  if (kind === undefined || name === undefined) throw new Error(`not a line for the reaper: ${line}`)
  if (sign === '+') watched[kind].add(name)
  else watched[kind].delete(name)
}
for (const pid of watched.group) attempt(() => signalGroup(Number(pid), 'SIGKILL'))
for (const name of watched.namespace) attempt(() => killAllIn(name))
// Lazy, because a process that is being killed may still be in there.
for (const path of watched.mount) run('umount', ['--lazy', path])
for (const name of watched.namespace) attempt(() => removeNamespace(name))
// Retried because a process that is being killed may still put a file into a folder that is being removed.
attempt(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
