import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { codeOf } from '@grapevine/std'

/** A process as the system shows it. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** The processes above one, nearest first. */
export const ancestors = (pid: number, lookUp: (pid: number) => ProcessEntry | undefined): ProcessEntry[] => {
  const chain: ProcessEntry[] = []
  for (let next = lookUp(pid)?.parent; next !== undefined && next > 1 && chain.length < 32;) {
    const entry = lookUp(next)
    if (entry === undefined) break
    chain.push(entry)
    next = entry.parent
  }
  return chain
}

/**
 * Those above the launcher that `pnpm dev` itself started: up to the topmost package manager. The shell or editor above them may end,
 * and leave the instances running.
 */
export const launchingChain = (above: readonly ProcessEntry[]): readonly ProcessEntry[] =>
  above.slice(0, above.findLastIndex(({ command }) => /\b(npx|npm|pnpm)\b/.test(command)) + 1)

/**
 * Whether npx ran the topmost, and is gone: it was ended while packages were installed or built. npx runs a program in its own folder, by
 * its name, quoted, in a shell.
 */
export const hasLostNpx = (chain: readonly ProcessEntry[]): boolean =>
  /[\\/]_npx[\\/]|\bsh -c '\w+'/.test(chain.at(-1)?.command ?? '')

/**
 * Calls back once when a process of the chain has ended: a signal to it alone reaches nobody below it.
 * @returns how to end the watch
 */
export const whenChainBreaks = (pids: readonly number[], callback: () => void): (() => void) => {
  const timer = setInterval(() => {
    if (pids.every(isAlive)) return
    clearInterval(timer)
    callback()
  }, 500)
  return () => clearInterval(timer)
}

export const lookUpProcess = (pid: number): ProcessEntry | undefined => inProc(pid) ?? inPs(pid)

/** Slim images have no `ps`. */
const inProc = (pid: number): ProcessEntry | undefined => {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    // pnpm calls itself `pnpm`, wherever it is.
    return { pid, parent: Number(statOf(pid)[1]), command: `${programOf(pid)} ${words}`.trim() }
  } catch {
    return undefined
  }
}

/** Of another user's process one may not know. */
const programOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return ''
  }
}

/** State and parent of a process; the name before them may hold anything. */
const statOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')

const inPs = (pid: number): ProcessEntry | undefined => {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(line) ?? []
    return parent === undefined ? undefined : { pid, parent: Number(parent), command: command ?? '' }
  } catch {
    // No `ps` on this machine, or the process is gone: the parent alone is watched then.
    return undefined
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  return !isZombie(pid)
}

/** Ended, and still in the table because its parent does not ask. */
const isZombie = (pid: number): boolean => {
  try {
    return statOf(pid)[0] === 'Z'
  } catch {
    return false
  }
}
