/**
 * Measures with real processes on this machine: `node dist/bench/detect.js [start|five|kill|stop|many|idle …]`.
 * Numbers depend on what else the machine does.
 */
import { cpus, loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { loopbackBytes, seesAll, startProcess, summary, type BenchProcess } from './processes.ts'

const rounds = Number(process.env['ROUNDS'] ?? 10)
let clusters = 0
const newCluster = (): string => `bench-${process.pid}-${(clusters += 1)}`

const startCluster = async (size: number, how: 'mdns' | 'seeds'): Promise<BenchProcess[]> => {
  const cluster = newCluster()
  const names = Array.from({ length: size }, (_, index) => `m${index}`)
  const seed = 20_000 + ((process.pid + clusters * 7) % 20_000)
  const processes = names.map((name, index) =>
    startProcess(name, {
      BENCH_CLUSTER: cluster,
      ...(how === 'seeds' ? { BENCH_SEEDS: `127.0.0.1:${seed}` } : {}),
      ...(how === 'seeds' && index === 0 ? { BENCH_LISTEN: `/ip4/127.0.0.1/tcp/${seed}` } : {}),
    }),
  )
  await Promise.all(processes.map((process) => seesAll(process, names)))
  return processes
}

const stopAll = (processes: readonly BenchProcess[]): Promise<unknown> =>
  Promise.all(processes.map((process) => process.stop()))

const namesOf = (processes: readonly BenchProcess[]): string[] => processes.map(({ name }) => name)

const completeAfter = async (processes: readonly BenchProcess[]): Promise<number> => {
  const times = await Promise.all(processes.map((process) => seesAll(process, namesOf(processes))))
  return Math.max(...times) - Math.min(...processes.map(({ startedAt }) => startedAt))
}

const measureStart = async (size: number, how: 'mdns' | 'seeds'): Promise<string> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const processes = await startCluster(size, how)
    times.push(await completeAfter(processes))
    await stopAll(processes)
  }
  return summary(times)
}

/** From the signal to each survivor's report. */
const measureLoss = async (signal: 'SIGKILL' | 'SIGSTOP'): Promise<Record<string, string>> => {
  const times: Record<string, number[]> = { 'member:suspect': [], 'member:unlinked': [], 'member:down': [] }
  const relinked: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const processes = await startCluster(5, 'seeds')
    await delay(2_000)
    const [victim, ...others] = processes.toReversed()
    if (victim === undefined) throw new Error('no victim')
    const at = Date.now()
    victim.child.kill(signal)
    const isAfter =
      (type: string, since: number) => (report: { type: string; at: number; member?: string }) =>
        report.type === type && report.member === victim.name && report.at >= since
    for (const type of Object.keys(times)) {
      const reports = await Promise.all(others.map((other) => other.until(isAfter(type, at))))
      times[type]?.push(...reports.map((report) => report.at - at))
    }
    if (signal === 'SIGSTOP') {
      const continued = Date.now()
      victim.child.kill('SIGCONT')
      const reports = await Promise.all(
        others.map((other) => other.until(isAfter('member:linked', continued))),
      )
      relinked.push(...reports.map((report) => report.at - continued))
      await delay(3_000)
      const accused = victim.reports.filter(({ type, at }) => type === 'member:suspect' && at > continued)
      if (accused.length > 0) console.log('  the stopped member accused', accused.length)
    }
    await stopAll(processes)
  }
  const result = Object.fromEntries(Object.entries(times).map(([type, values]) => [type, summary(values)]))
  return relinked.length > 0 ? { ...result, 'linked again': summary(relinked) } : result
}

/** Many on one address at once; then each publishes and all have to hear all. */
const measureMany = async (size: number): Promise<string> => {
  const processes = await startCluster(size, 'mdns')
  const complete = await completeAfter(processes)
  await delay(3_000)
  for (const { child } of processes) child.send('publish')
  await delay(2_000)
  const heard = processes.map(
    ({ reports }) => new Set(reports.flatMap(({ type, member }) => (type === 'heard' ? [member] : []))).size,
  )
  await stopAll(processes)
  return `complete after ${complete} ms; messages delivered ${heard.reduce((a, b) => a + b, 0)} of ${size * (size - 1)}`
}

const measureIdle = async (size: number, seconds: number): Promise<string> => {
  const processes = await startCluster(size, 'seeds')
  const complete = await completeAfter(processes)
  await delay(10_000)
  const before = await Promise.all(processes.map((process) => process.usage()))
  const bytes = loopbackBytes()
  await delay(seconds * 1_000)
  const after = await Promise.all(processes.map((process) => process.usage()))
  const traffic = (loopbackBytes() - bytes) / seconds / size
  const cpu =
    after.reduce((sum, { cpu = 0 }, index) => sum + cpu - (before[index]?.cpu ?? 0), 0) / seconds / size
  const rss = after.reduce((sum, { rss = 0 }) => sum + rss, 0) / size / 1_048_576
  const downs = processes.flatMap(({ reports }) =>
    reports.filter(({ type }) => type === 'member:down'),
  ).length
  await stopAll(processes)
  return `complete after ${complete} ms; per node ${(traffic / 1_024).toFixed(1)} KiB/s on loopback, CPU ${(cpu / 10).toFixed(2)} %, ${rss.toFixed(0)} MiB; ${downs} downs`
}

const measurements: Readonly<Record<string, () => Promise<unknown>>> = {
  start: () => measureStart(2, 'mdns'),
  five: () => measureStart(5, 'mdns'),
  kill: () => measureLoss('SIGKILL'),
  stop: () => measureLoss('SIGSTOP'),
  many: () => measureMany(16),
  idle5: () => measureIdle(5, 20),
  idle50: () => measureIdle(50, 20),
}

console.log(`Node.js ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(measurements)) {
  console.log(name, await measurements[name]?.())
}
