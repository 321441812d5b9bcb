import { seededRandom, seedsToRun, wholeBetween } from '@grapevine/simulation'
import { silentLog } from '@grapevine/std'
import { expect, test } from 'vitest'
import { append, compact, createWorld, load, open, run, type World } from '../../testing/storage-model.ts'

const withSeed = async (seed: number, work: (world: World) => Promise<void>): Promise<void> => {
  const world = createWorld(seed)
  try {
    await work(world)
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error })
  }
}

test(
  'whatever ends a process, what was told to be stored is loaded, and nothing else',
  { timeout: 5_000 * seedsToRun(60).length },
  async () => {
    for (const seed of seedsToRun(60))
      await withSeed(seed, async (world) => {
        for (let life = 0; life < 12; life += 1) {
          world.drive.trouble = undefined
          await run(world, wholeBetween(world.random, 0, 150))
          if (world.random() < 0.6) world.drive.losePower()
        }
        world.drive.trouble = undefined
        await run(world, Infinity)
      })
    expect.hasAssertions()
  },
)

/** A short life in which all happens: appends alone and together, a compaction beside them, a failure. */
const shortLife = async (world: World, calls: number): Promise<void> => {
  await run(world, calls, async (storage) => {
    await append(world, storage)
    await Promise.all([append(world, storage), append(world, storage)])
    await Promise.all([compact(world, storage), append(world, storage)])
    world.drive.trouble = 'broken'
    await append(world, storage)
    world.drive.trouble = undefined
    await append(world, storage)
    await compact(world, storage)
    await append(world, storage)
  })
  world.drive.trouble = undefined
}

test(
  'a crash after any call to the file system loses nothing that was told to be stored',
  { timeout: 5_000 * seedsToRun(60).length },
  async () => {
    for (const seed of seedsToRun(6))
      for (let calls = 0; calls < 130; calls += 1)
        await withSeed(seed * 1_000 + calls, async (world) => {
          for (const life of [calls, Infinity]) {
            await shortLife(world, life)
            if (seed % 2 === 0) world.drive.losePower()
          }
          await run(world, Infinity)
        })
    expect.hasAssertions()
  },
)

test(
  'a bit that rots anywhere costs one record of that file, and all other files are read',
  { timeout: 5_000 * seedsToRun(60).length },
  async () => {
    for (const seed of seedsToRun(200))
      await withSeed(seed, async (world) => {
        // Ends in the middle, so that now and then a compaction is cut off and several generations are there.
        await shortLife(world, wholeBetween(seededRandom(seed), 20, 200))
        if (world.drive.rot((path) => !path.endsWith('/HEAD')) === undefined) return
        world.failingFlushes = 0
        const said: string[] = []
        const note = (_fields: object, message: string): void => void said.push(message)
        const storage = await open(world, { left: Infinity }, { ...silentLog, warn: note, error: note })
        const loaded = new Set(await load(storage))
        const lost = [...world.stored].filter((record) => !loaded.has(record))
        const { damaged, compactionDue } = storage.status()
        expect([...loaded].filter((record) => !world.written.has(record))).toEqual([])
        expect(lost.length).toBeLessThanOrEqual(1)
        // Whoever is killed before it could note how far it had come leaves what looks like a write that did not complete.
        expect(lost.length === 0 || said.length > 0).toBe(true)
        expect(compactionDue || damaged === 0).toBe(true)
        await storage.close()
      })
  },
)
