import { setTimeout as delay } from 'node:timers/promises'
/**
 * The figures of `docs/replica.md`, in one run: `node dist/bench/figures.js [--million]`. All members are in one
 * process, so each stall counts what both sides do at the same time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import { replicate, type Bus, type Replica, type ReplicaOptions } from '../index.ts'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { openFileStorage } from '../storage/open-file-storage.ts'
import { onStorage } from '../testing/on-storage.ts'
import { counted, measured, type Measure } from './measure.ts'

const root = 'users'
const quiet = { name: 'users', discoveryWindow: 0, writeTimeout: 60_000 } as const
const comparing = { ...quiet, antiEntropyInterval: 200 }
const folders: string[] = []

/** About 130 bytes, as a registered user. */
const record = (number: number): Record<string, string> => ({
  kind: 'registered',
  username: `user-${number}`,
  passwordHash: `$argon2id$v=19$m=19456,t=2,p=1$${String(number).padStart(22, 's')}$${'h'.repeat(43)}`,
})

const addUsers = (doc: Y.Doc, prefix: string, count: number): void => {
  const map = doc.getMap(root)
  for (let number = 0; number < count; number += 1) map.set(`${prefix}/${number}`, record(number))
}

/** A document of users written by ten authors, as a cluster of some age has. */
const population = (count: number): Uint8Array[] =>
  Array.from({ length: 10 }, (_, author) => {
    const doc = new Y.Doc()
    doc.transact(() => addUsers(doc, `author-${author}`, count / 10))
    return Y.encodeStateAsUpdate(doc)
  })

const fill = (doc: Y.Doc, updates: readonly Uint8Array[]): void => {
  for (const update of updates) Y.applyUpdate(doc, update)
}

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'replica-figures-'))
  folders.push(folder)
  return folder
}

const start = async (
  doc: Y.Doc,
  bus: Bus,
  folder?: string,
  options?: Partial<ReplicaOptions>,
): Promise<Replica> => {
  if (folder === undefined) return replicate(doc, bus, { ...comparing, ...options })
  const storage = await openFileStorage({ folder, owner: 'figures' })
  return onStorage(await replicate(doc, bus, { ...comparing, storage, ...options }), storage)
}

const lone = (): Bus => memoryNetwork().join('lone')

const equal = async (...replicas: readonly Replica[]): Promise<void> => {
  while (new Set(replicas.map((replica) => replica.status().digest)).size > 1) await delay(5)
}

const print = (what: string, { ms, cpu, stall, cpuStall }: Measure, more = ''): void => {
  const times = `${Math.round(ms)} ms (${Math.round(cpu)} ms CPU)`
  console.log(
    `${what}: ${times}, longest stall ${stall.toFixed(0)} ms (${cpuStall.toFixed(0)} ms CPU)${more}`,
  )
}

const appends = async (): Promise<void> => {
  const doc = new Y.Doc()
  await using replica = await start(doc, lone(), await newFolder())
  const writeOne = (number: number): Promise<unknown> =>
    replica.write(() => doc.getMap(root).set(`key ${number}`, record(number)))
  const oneByOne = await measured(async () => {
    for (let number = 0; number < 1_000; number += 1) await writeOne(number)
  })
  print('1,000 durable writes, one after the other', oneByOne, `, ${perSecond(1_000, oneByOne)}/s`)
  const together = await measured(async () => {
    for (let round = 0; round < 100; round += 1) {
      const writes: Promise<unknown>[] = []
      for (let number = 0; number < 100; number += 1) writes.push(writeOne(round * 100 + number + 1_000))
      await Promise.all(writes)
    }
  })
  print('10,000 durable writes, 100 at a time', together, `, ${perSecond(10_000, together)}/s`)
}

const perSecond = (count: number, { ms }: Measure): number => Math.round((count * 1_000) / ms)

/** From an empty folder to a compacted log, then a start from it. */
const disk = async (count: number): Promise<void> => {
  const folder = await newFolder()
  const first = new Y.Doc()
  fill(first, population(count))
  const writer = await start(first, lone(), folder)
  await writer.compact()
  const compaction = await measured(() => writer.compact())
  const { snapshotBytes } = writer.status()
  print(`compacting ${count} users while serving`, compaction, `, ${megabytes(snapshotBytes)}`)
  await writer.close()
  const doc = new Y.Doc()
  let reader: Replica | undefined
  const loading = await measured(async () => {
    reader = await start(doc, lone(), folder)
    await reader.ready
  })
  print(`${count} users from disk to ready`, loading, `, ${doc.getMap(root).size} users`)
  await reader?.close()
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const heal = async (): Promise<void> => {
  const network = memoryNetwork()
  const traffic = counted(network)
  const shared = population(100_000)
  const [left, right] = [new Y.Doc(), new Y.Doc()]
  fill(left, shared)
  fill(right, shared)
  const one = await start(left, traffic.join('left'))
  const other = await start(right, traffic.join('right'))
  await equal(one, other)
  network.cut('left', 'right')
  await one.write(() => addUsers(left, 'left', 1_000))
  await other.write(() => addUsers(right, 'right', 1_000))
  const difference =
    Y.encodeStateAsUpdate(left, Y.encodeStateVector(right)).length +
    Y.encodeStateAsUpdate(right, Y.encodeStateVector(left)).length
  const before = traffic.bytes()
  const healing = await measured(async () => {
    network.heal()
    await equal(one, other)
  })
  const sent = traffic.bytes() - before
  const ratio = (sent / difference).toFixed(3)
  print('heal of 100,000 shared and 1,000 new a side', healing, `, ${sent} B sent, ${ratio} × the difference`)
  await Promise.all([one.close(), other.close()])
}

const join100k = async (): Promise<void> => {
  const network = memoryNetwork()
  const traffic = counted(network)
  const members: Replica[] = []
  const updates = population(100_000)
  for (const name of ['one', 'two', 'three', 'four']) {
    const doc = new Y.Doc()
    fill(doc, updates)
    members.push(await start(doc, traffic.join(name)))
  }
  await equal(...members)
  const before = traffic.bytes()
  const doc = new Y.Doc()
  let joiner: Replica | undefined
  const joining = await measured(async () => {
    joiner = await start(doc, traffic.join('joiner'), await newFolder(), { discoveryWindow: 1_500 })
    await joiner.ready
  })
  const all = Y.encodeStateAsUpdate(doc).length
  const more = `, ${doc.getMap(root).size} users, ${((traffic.bytes() - before) / all).toFixed(2)} × their bytes sent`
  print('an empty node joins four members of 100,000 users, onto its disk', joining, more)
  await Promise.all(members.map((replica) => replica.close()))
  await joiner?.close()
}

try {
  console.log(`Node ${process.version}, ${new Date().toISOString()}`)
  await appends()
  await disk(100_000)
  await heal()
  await join100k()
  if (process.argv.includes('--million')) await disk(1_000_000)
} finally {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
}
