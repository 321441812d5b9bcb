import { createVirtualDisk, seededRandom, wholeBetween } from '@grapevine/simulation'
import type { DiskProcess, Random, VirtualDisk } from '@grapevine/simulation'
import { silentLog, type Clock, type Log } from '@grapevine/std'
import { expect } from 'vitest'
import { fileStorage } from '../storage/file/file-storage.ts'
import type { Files } from '../storage/file-system/files.ts'
import type { Storage } from '../storage/storage.ts'

/**
 * Random appends, compactions, failures; a crash after any call to the file system, of the process or of the machine. Then
 * it is opened again: all that was told to be stored is loaded, and nothing that was never written.
 */
export interface World {
  readonly random: Random
  readonly drive: VirtualDisk
  /** All records that anybody wrote. */
  readonly written: Set<string>
  /** Told to be stored, or found at a start. */
  readonly stored: Set<string>
  /** Left out of a compaction that was told to be done. */
  readonly erased: Set<string>
  /** What the owner holds in memory, and puts into snapshots. */
  held: Set<string>
  /** Which part of all flushes fails, though the write before was taken. */
  failingFlushes: number
  counter: number
}

const atOnce: Clock = {
  now: () => 0,
  after: (_ms, task) => {
    queueMicrotask(task)
    return () => undefined
  },
}

const textOf = (record: Uint8Array): string => Buffer.from(record).toString('latin1')

/** The disk has failed when it flushes, and takes the next write again. */
const withFailingFlushes = (world: World, files: Files): Files => ({
  ...files,
  open: async (path, mode) => {
    const file = await files.open(path, mode)
    const sync = async (): Promise<void> => {
      const { trouble } = world.drive
      if (world.random() < world.failingFlushes) world.drive.trouble = 'broken'
      await file.sync().finally(() => {
        world.drive.trouble = trouble
      })
    }
    return { ...file, sync }
  },
})

/** @param created - waited for before a file is made */
const withSlowStarts = (files: Files, created: (path: string) => Promise<void>): Files => ({
  ...files,
  open: async (path, mode) => {
    if (mode === 'create') await created(path)
    return await files.open(path, mode)
  },
})

export const open = (
  world: World,
  process: DiskProcess,
  log: Log = silentLog,
  created: (path: string) => Promise<void> = async () => undefined,
): Promise<Storage> =>
  fileStorage({
    files: withSlowStarts(withFailingFlushes(world, world.drive.mount(process)), created),
    folder: '/virtual',
    owner: 'model/users',
    log,
    clock: atOnce,
    drawSalt: () => Uint8Array.from({ length: 8 }, () => wholeBetween(world.random, 0, 255)),
    release: async () => undefined,
  })

const newRecord = (world: World): string => {
  world.counter += 1
  const record = `${world.counter} `.padEnd(wholeBetween(world.random, 1, 120), 'x')
  world.written.add(record)
  world.held.add(record)
  return record
}

export const append = async (world: World, storage: Storage): Promise<void> => {
  const record = newRecord(world)
  await storage.append(Buffer.from(record, 'latin1')).then(
    () => world.held.has(record) && world.stored.add(record),
    () => undefined,
  )
}

export const compact = async (world: World, storage: Storage): Promise<void> => {
  const dropped = [...world.held].filter(() => world.random() < 0.2)
  for (const record of dropped) {
    world.held.delete(record)
    world.stored.delete(record)
  }
  const snapshot = async function* (): AsyncGenerator<Uint8Array> {
    for (const record of world.held) {
      await Promise.resolve()
      yield Buffer.from(record, 'latin1')
    }
  }
  const taken = new Set(world.held)
  await storage.compact(snapshot(), { forgetDamaged: true }).then(
    () => {
      for (const record of dropped) world.erased.add(record)
      for (const record of taken) if (world.held.has(record)) world.stored.add(record)
    },
    () => undefined,
  )
}

const live = async (world: World, storage: Storage): Promise<void> => {
  const { random, drive } = world
  let doing: Promise<void>[] = []
  for (let step = 0; step < 12; step += 1) {
    const dice = random()
    if (dice < 0.15) drive.trouble = random() < 0.5 ? 'full' : 'broken'
    else if (dice < 0.5) drive.trouble = undefined
    for (let count = wholeBetween(random, 0, 3); count > 0; count -= 1) doing.push(append(world, storage))
    if (random() < 0.3) {
      // What is dropped must not be on its way to the disk any more; what comes meanwhile is new.
      await Promise.all(doing)
      doing = [compact(world, storage), append(world, storage)]
    }
    if (random() < 0.8) await Promise.all(doing.splice(0))
  }
  await Promise.all(doing)
}

export const load = async (storage: Storage): Promise<string[]> => {
  const loaded: string[] = []
  for await (const record of storage.load()) loaded.push(textOf(record))
  return loaded
}

/** A life of a process, which ends anywhere. Resolves when it has ended, or hangs in a call that never comes back. */
export const run = async (
  world: World,
  calls: number,
  life: (storage: Storage) => Promise<void> = (storage) => live(world, storage),
): Promise<void> => {
  const process = { left: calls }
  const living = async (): Promise<void> => {
    world.failingFlushes = 0
    const storage = await open(world, process)
    const loaded = await load(storage)
    checkLoaded(world, loaded)
    for (const record of loaded) world.stored.add(record)
    world.held = new Set(loaded)
    world.failingFlushes = 0.15
    await life(storage)
    world.failingFlushes = 0
    await storage.close()
  }
  const ended = living().then(() => true)
  // All virtual calls are microtasks: what has not come back in a few turns of the loop never does.
  const hangs = async (): Promise<boolean> => {
    for (let turn = 0; turn < 400 && process.left >= 0; turn += 1) await new Promise(setImmediate)
    return false
  }
  await Promise.race([ended, hangs()])
  process.left = -1
}

export const checkLoaded = (world: World, loaded: readonly string[]): void => {
  const there = new Set(loaded)
  expect([...world.stored].filter((record) => !there.has(record))).toEqual([])
  expect(loaded.filter((record) => !world.written.has(record))).toEqual([])
  expect(loaded.filter((record) => world.erased.has(record))).toEqual([])
}

export const createWorld = (seed: number): World => {
  const random = seededRandom(seed)
  return {
    random,
    drive: createVirtualDisk({ random }),
    written: new Set(),
    stored: new Set(),
    erased: new Set(),
    held: new Set(),
    failingFlushes: 0,
    counter: 0,
  }
}
