import { expect, test } from 'vitest'
import { createWorld, load, open, type World } from '../../testing/storage-model.ts'
import type { Storage } from '../storage.ts'

const alive = { left: Infinity }

const opened = async (world: World): Promise<{ storage: Storage; loaded: readonly string[] }> => {
  const storage = await open(world, alive)
  return { storage, loaded: await load(storage) }
}

const logsOf = ({ drive }: World): readonly string[] =>
  drive.paths.filter((path) => path.endsWith('.log')).sort()

/** The write is taken, and its flush fails. */
const failsToAppend = async (world: World, storage: Storage, text: string): Promise<void> => {
  world.failingFlushes = 1
  await expect(storage.append(Buffer.from(text))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  world.failingFlushes = 0
}

test('a log whose flush failed is cut back to what was flushed before, and never written to again', async () => {
  const world = createWorld(1)
  const { storage } = await opened(world)
  await storage.append(Buffer.from('before'))
  const [first = ''] = logsOf(world)
  const flushed = world.drive.content(first)
  await failsToAppend(world, storage, 'not stored')
  expect(world.drive.content(first)).toEqual(flushed)
  await storage.append(Buffer.from('after'))
  expect(logsOf(world)).toHaveLength(2)
  expect(world.drive.content(first)).toEqual(flushed)
  await storage.close()
  const { loaded } = await opened(world)
  expect(loaded).toEqual(['before', 'after'])
})

test('how far the log has come is noted when that is flushed, never before: a write that failed is not missed later', async () => {
  const world = createWorld(1)
  const { storage } = await opened(world)
  await storage.append(Buffer.from('before'))
  await failsToAppend(world, storage, 'not stored')
  await storage.close()
  const again = await opened(world)
  expect(again.loaded).toEqual(['before'])
  expect(again.storage.status().damaged).toBe(0)
})

test('a compaction waits for the appends that were asked for before it: nothing that it dropped reaches the disk afterwards', async () => {
  const world = createWorld(1)
  let isHeld = false
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const storage = await open(world, alive, undefined, async (path) => {
    if (isHeld && path.endsWith('.log')) await released
  })
  await load(storage)
  await storage.compact(nothing())
  isHeld = true
  const appending = storage.append(Buffer.from('erased meanwhile'))
  const compacting = storage.compact(nothing(), { forgetDamaged: true })
  // As long as it takes, did it not wait.
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
  release()
  await Promise.all([appending, compacting])
  await storage.close()
  expect((await opened(world)).loaded).toEqual([])
})

const nothing = async function* (): AsyncGenerator<Uint8Array> {
  // Nothing is left.
}
