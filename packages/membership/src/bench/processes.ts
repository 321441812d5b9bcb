import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a member's process reported, with the wall-clock time. */
export interface Report {
  readonly type: string
  readonly at: number
  readonly member?: string
  readonly address?: string
  readonly cpu?: number
  readonly rss?: number
}

export interface BenchProcess {
  readonly name: string
  readonly child: ChildProcess
  readonly startedAt: number
  readonly reports: readonly Report[]
  /** The first report that fits, past ones included. */
  until(fits: (report: Report) => boolean, limit?: number): Promise<Report>
  usage(): Promise<Report>
  stop(): Promise<void>
}

const program = fileURLToPath(new URL('./member.js', import.meta.url))

export const startProcess = (name: string, environment: Readonly<Record<string, string>>): BenchProcess => {
  const reports: Report[] = []
  const waiting = new Set<() => void>()
  const startedAt = Date.now()
  const child = fork(program, { env: { ...process.env, BENCH_NAME: name, ...environment } })
  child.on('message', (message) => {
    if (!isReport(message)) return
    reports.push(message)
    for (const check of waiting) check()
  })
  const until: BenchProcess['until'] = (fits, limit = 60_000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`${name} did not report it within ${limit} ms`))
      }, limit)
      const check = (): void => {
        const report = reports.find(fits)
        if (report === undefined) return
        waiting.delete(check)
        clearTimeout(timer)
        resolve(report)
      }
      waiting.add(check)
      check()
    })
  return {
    name,
    child,
    startedAt,
    reports,
    until,
    usage: () => {
      const asked = reports.filter(({ type }) => type === 'usage').length
      child.send('usage')
      return until((report) => reports.filter(({ type }) => type === 'usage').indexOf(report) >= asked)
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve()
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}

const isReport = (message: unknown): message is Report =>
  typeof message === 'object' && message !== null && 'type' in message && 'at' in message

/** When the process has seen all these names up, in milliseconds of the wall clock. */
export const seesAll = async (process: BenchProcess, names: readonly string[]): Promise<number> => {
  const others = names.filter((name) => name !== process.name)
  const reports = await Promise.all(
    others.map((other) => process.until(({ type, member }) => type === 'member:up' && member === other)),
  )
  return Math.max(...reports.map(({ at }) => at))
}

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN

export const summary = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(0)} ms, worst ${Math.max(...values).toFixed(0)} ms (${values.length})`

/** Bytes that went through the loopback device so far (Linux). */
export const loopbackBytes = (): number => {
  const line = readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .find((candidate) => candidate.trim().startsWith('lo:'))
  return Number(line?.trim().split(/\s+/)[1] ?? NaN)
}
