/**
 * Logs on disk, side by side: `node dist/bench/logs.js [--million] [FILE]`, where FILE is the `index.js` of `classic-level`
 * (`npm install --prefix /tmp/level classic-level@3`), to compare with LevelDB. Each row is measured for one, then the
 * other, so that both meet the same disk.
 */
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileStorage } from '../storage/open-file-storage.ts'
import { levelLog, type ComparedLog } from './level-log.ts'

type Open = (folder: string) => Promise<ComparedLog>

const level = process.argv.slice(2).find((argument) => !argument.startsWith('--'))
const count = process.argv.includes('--million') ? 1_000_000 : 100_000

const logs: Readonly<Record<string, Open>> = {
  files: (folder) => openFileStorage({ folder, owner: 'bench' }),
  ...(level === undefined ? {} : { LevelDB: (folder: string) => levelLog(level, folder) }),
}

/** Different each time, as text that hardly compresses. */
const record = (bytes: number): Uint8Array => {
  const text = Array.from({ length: Math.ceil(bytes / 10) }, () =>
    Math.random().toString(36).slice(2, 12),
  ).join('')
  return Buffer.from(text.padEnd(bytes, '.').slice(0, bytes))
}

const ms = (since: number): number => performance.now() - since
const print = (log: string, what: string, figures: string): void =>
  console.log(`${log.padEnd(8)} ${what}: ${figures}`)

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'replica-logs-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const consume = async (log: ComparedLog): Promise<number> => {
  let records = 0
  for await (const _item of log.load()) records += 1
  return records
}

/** In turns of 25, so that all meet the same disk. */
const oneByOne = async (): Promise<void> => {
  const [one, rounds] = [record(200), 80]
  const all = await Promise.all(
    Object.entries(logs).map(async ([name, open]) => {
      const folder = await mkdtemp(join(tmpdir(), 'replica-logs-'))
      const log = await open(folder)
      await consume(log)
      return { name, folder, log, times: new Array<number>() }
    }),
  )
  for (let turn = 0; turn < rounds * all.length; turn += 1) {
    const { log, times } = all[turn % all.length] ?? raise()
    for (let number = 0; number < 25; number += 1) {
      const since = performance.now()
      await log.append(one)
      times.push(ms(since))
    }
  }
  for (const { name, folder, log, times } of all) {
    times.sort((a, b) => a - b)
    const [p25, p50, p99] = [0.25, 0.5, 0.99].map((share) =>
      microseconds(times[Math.floor(share * times.length)] ?? 0),
    )
    print(name, '200 B, flushed, one by one', `p25 ${p25}, p50 ${p50}, p99 ${p99} µs`)
    await log.close()
    await rm(folder, { recursive: true })
  }
}

const raise = (): never => {
  throw new Error('no log to measure')
}

const microseconds = (time: number): string => (time * 1_000).toFixed(0)

const groups = async (name: string, open: Open): Promise<void> =>
  inFolder(async (folder) => {
    const log = await open(folder)
    await consume(log)
    const one = record(200)
    for (const size of [10, 100, 1_000]) {
      const since = performance.now()
      for (let group = 0; group < 100; group += 1)
        await Promise.all(Array.from({ length: size }, () => log.append(one)))
      print(
        name,
        `200 B, flushed, ${size} at a time`,
        `${((ms(since) * 1_000) / (100 * size)).toFixed(1)} µs each`,
      )
    }
    await log.close()
  })

const many = async function* (records: number): AsyncGenerator<Uint8Array> {
  const some = Array.from({ length: 1_000 }, () => record(300))
  for (let number = 0; number < records; number += 1) yield some[number % 1_000] ?? record(300)
}

/** Appends one by one while the work goes on. @returns the longest wait of one, and how many there were */
const servingMeanwhile = async (
  log: ComparedLog,
  work: Promise<unknown>,
): Promise<{ longest: number; served: number }> => {
  const state = { isDone: false }
  let [longest, served] = [0, 0]
  const ended = work.finally(() => {
    state.isDone = true
  })
  while (!state.isDone) {
    const since = performance.now()
    await log.append(record(200))
    longest = Math.max(longest, ms(since))
    served += 1
  }
  await ended
  return { longest, served }
}

const bytesIn = async (folder: string): Promise<number> => {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const starts = async (name: string, open: Open): Promise<void> =>
  inFolder(async (folder) => {
    const log = await open(folder)
    await consume(log)
    const filling = performance.now()
    let group: Promise<void>[] = []
    for await (const one of many(count)) {
      group.push(log.append(one))
      if (group.length === 1_000) await Promise.all(group.splice(0))
    }
    print(name, `${count} appends of 300 B, 1,000 at a time`, `${(ms(filling) / 1_000).toFixed(1)} s`)
    await log.close()
    await starting(name, open, folder, 'from the log')
    const compacting = await open(folder)
    await consume(compacting)
    const since = performance.now()
    const { longest, served } = await servingMeanwhile(compacting, compacting.compact(many(count)))
    const took = `${(ms(since) / 1_000).toFixed(1)} s, ${served} appends meanwhile, the longest ${longest.toFixed(0)} ms`
    print(name, `compaction of ${count} while serving`, took)
    await compacting.close()
    await starting(name, open, folder, 'from a snapshot')
  })

const starting = async (name: string, open: Open, folder: string, from: string): Promise<void> => {
  const size = (await bytesIn(folder)) / 1e6
  const since = performance.now()
  const log = await open(folder)
  const records = await consume(log)
  print(
    name,
    `start with ${records} of 300 B, ${from}`,
    `${ms(since).toFixed(0)} ms, ${size.toFixed(0)} MB on disk`,
  )
  await log.close()
}

/** The end of the largest log is cut off, in the middle of a record. */
const tornTail = async (name: string, open: Open): Promise<void> =>
  inFolder(async (folder) => {
    const log = await open(folder)
    await consume(log)
    for (let group = 0; group < 20; group += 1)
      await Promise.all(Array.from({ length: 100 }, () => log.append(record(300))))
    await log.close()
    const files = (await readdir(folder)).filter((file) => file.endsWith('.log'))
    const sized = await Promise.all(
      files.map(async (file) => ({ file: join(folder, file), size: (await stat(join(folder, file))).size })),
    )
    const largest = sized.sort((a, b) => b.size - a.size)[0]
    if (largest !== undefined) await truncate(largest.file, largest.size - 150)
    const again = await open(folder)
    print(
      name,
      '2,000 records, the last 150 B of the log cut off',
      `${2_000 - (await consume(again))} records lost`,
    )
    await again.close()
  })

console.log(`Node ${process.version}, ${new Date().toISOString()}`)
await oneByOne()
for (const row of [groups, tornTail, starts])
  for (const [name, open] of Object.entries(logs)) await row(name, open)
