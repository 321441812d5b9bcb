import { execFileSync } from 'node:child_process'

/** A process as `ps` shows it. */
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
 * Those above the launcher that `pnpm dev` itself started: up to the topmost package manager or turbo. The
 * shell or editor above them may end, and leave the instances running.
 */
export const launchingChain = (above: readonly ProcessEntry[]): number[] => {
  const top = above.findLastIndex(({ command }) => /\b(npx|npm|pnpm|turbo)\b/.test(command))
  return above.slice(0, top + 1).map(({ pid }) => pid)
}

/** Calls back once when a process of the chain has ended: a signal to it alone reaches nobody below it. */
export const whenChainBreaks = (pids: readonly number[], callback: () => void): (() => void) => {
  const timer = setInterval(() => {
    if (pids.every(isAlive)) return
    clearInterval(timer)
    callback()
  }, 500)
  return () => clearInterval(timer)
}

export const lookUpProcess = (pid: number): ProcessEntry | undefined => {
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
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
