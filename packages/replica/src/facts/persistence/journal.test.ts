import { createVirtualClock, seedsToRun, wholeBetween, type VirtualClock } from '@grapevine/simulation'
import { silentLog } from '@grapevine/std'
import { expect, test } from 'vitest'
import { StorageUnavailableError } from '../../errors.ts'
import { checkLoaded, createWorld, open, type World } from '../../testing/storage-model.ts'
import { createFactJournal, type FactJournal, type FactRecord } from './journal.ts'
import { memoryDisk, memoryStorage } from '../../storage/memory.ts'
import type { Storage } from '../../storage/storage.ts'

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const recordOf = (text: string): FactRecord => ({ key: text, bytes: bytesOf(text) })

/** A journal on a disk that can be told to fail. */
const onBrittleDisk = () => {
  const [disk, clock] = [memoryDisk(), createVirtualClock()]
  const storage = memoryStorage(disk)
  let isFailing = false
  const appended: string[] = []
  const append = async (record: Uint8Array): Promise<void> => {
    await Promise.resolve()
    if (isFailing) throw new StorageUnavailableError('no space left')
    appended.push(Buffer.from(record).toString('latin1'))
    await storage.append(record)
  }
  const journal = createFactJournal({
    storage: { ...storage, append },
    clock,
    log: silentLog,
    compactAfter: 1_048_576,
    snapshot: async function* () {},
    changed: () => undefined,
  })
  return { journal, clock, appended, fails: (does: boolean) => void (isFailing = does) }
}

test('what a failed append contained is owed, and on disk with the next one that succeeds', async () => {
  const { journal, appended, fails } = onBrittleDisk()
  fails(true)
  const failing = Promise.allSettled([
    journal.save([recordOf('a'), recordOf('b')]),
    journal.save([recordOf('c')]),
  ])
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect([journal.state, journal.owed, journal.owes('b'), journal.owes('d')]).toEqual([
    'failing',
    3,
    true,
    false,
  ])
  fails(false)
  await journal.save([recordOf('d')])
  await journal.close()
  expect(appended.sort()).toEqual(['a', 'b', 'c', 'd'])
  expect([journal.state, journal.owed]).toEqual(['keeping', 0])
})

test('what is owed is tried again each second, without anybody who writes', async () => {
  const { journal, clock, appended, fails } = onBrittleDisk()
  fails(true)
  await expect(journal.save([recordOf('a')])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  await clock.settle(5_000)
  expect([journal.state, appended.length]).toEqual(['failing', 0])
  fails(false)
  await clock.settle(1_000)
  expect([journal.state, journal.owed, appended]).toEqual(['keeping', 0, ['a']])
  await journal.close()
})

test('a record that comes while it is on its way is appended once, and one that is erased is not tried again', async () => {
  const { journal, clock, appended, fails } = onBrittleDisk()
  await Promise.all([journal.save([recordOf('a')]), journal.save([recordOf('a'), recordOf('b')])])
  expect(appended).toEqual(['a', 'b'])
  fails(true)
  await expect(journal.save([recordOf('c')])).rejects.toThrow('no space left')
  journal.purged(['c'])
  expect([journal.state, journal.owed]).toEqual(['keeping', 0])
  fails(false)
  await clock.settle(5_000)
  expect(appended).toEqual(['a', 'b'])
  await journal.close()
})

test('a compaction that is asked for while one is under way is another one: what was erased meanwhile is gone', async () => {
  const [disk, clock] = [memoryDisk(), createVirtualClock()]
  let held = ['erased soon', 'kept']
  let isRead = (): void => undefined
  const reading = new Promise<void>((resolve) => {
    isRead = resolve
  })
  let goOn = (): void => undefined
  const released = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const journal = createFactJournal({
    storage: memoryStorage(disk),
    clock,
    log: silentLog,
    compactAfter: 1_048_576,
    snapshot: async function* () {
      for (const text of held) yield bytesOf(text)
      isRead()
      await released
    },
    changed: () => undefined,
  })
  await journal.save(held.map(recordOf))
  const first = journal.compact()
  await reading
  held = ['kept']
  journal.purged(['erased soon'])
  const [second, third] = [journal.compact(), journal.compact()]
  goOn()
  await Promise.all([first, second, third])
  expect(disk.snapshot.map((record) => Buffer.from(record).toString('latin1'))).toEqual(['kept'])
  expect(disk.log).toEqual([])
  await journal.close()
})

interface Life {
  readonly world: World
  readonly clock: VirtualClock
  readonly journal: FactJournal
}

const erasureOf = (text: string): string => `!${text.slice(0, text.indexOf(']') + 1)}`
const isErasure = (text: string): boolean => text.startsWith('!')

/** As a set of facts does at a start: what is erased is not held, and has to go from the disk. */
const start = async (world: World, storage: Storage, clock: VirtualClock): Promise<FactJournal> => {
  const loaded: string[] = []
  for await (const record of storage.load()) loaded.push(Buffer.from(record).toString('latin1'))
  checkLoaded(world, loaded)
  const erasures = new Set(loaded.filter(isErasure))
  const held = loaded.filter((text) => !erasures.has(erasureOf(text)))
  world.held = new Set(held)
  for (const text of held) world.stored.add(text)
  const journal = createFactJournal({
    storage,
    clock,
    log: silentLog,
    compactAfter: 1_024,
    snapshot: async function* () {
      for (const text of world.held) yield bytesOf(text)
    },
    changed: () => undefined,
  })
  if (held.length < loaded.length || (erasures.size > 0 && storage.status().setAside > 0)) journal.purged()
  return journal
}

const save = async ({ world, journal }: Life, text: string): Promise<void> => {
  world.written.add(text)
  world.held.add(text)
  await journal.save([recordOf(text)]).then(
    () => world.held.has(text) && world.stored.add(text),
    () => undefined,
  )
}

const erase = async (life: Life): Promise<void> => {
  const { world, journal } = life
  const texts = [...world.held].filter((text) => !isErasure(text))
  const text = texts[wholeBetween(world.random, 0, texts.length - 1)]
  if (text === undefined) return
  world.held.delete(text)
  world.stored.delete(text)
  const saving = save(life, erasureOf(text))
  journal.purged([text])
  await saving
}

const act = (life: Life): void => {
  const { world } = life
  const dice = world.random()
  if (dice < 0.1) world.drive.trouble = world.random() < 0.5 ? 'full' : 'broken'
  else if (dice < 0.4) world.drive.trouble = undefined
  for (let count = wholeBetween(world.random, 0, 3); count > 0; count -= 1) {
    world.counter += 1
    void save(life, `[${world.counter}]`.padEnd(wholeBetween(world.random, 10, 120), '.'))
  }
  if (world.random() < 0.3) void erase(life)
}

/** When the disk has been well for a while, all that is held is on it, and nothing of what was erased. */
const checkQuiet = ({ world, journal }: Life): void => {
  expect([journal.state, journal.owed]).toEqual(['keeping', 0])
  const bytes = world.drive.paths.map((path) => world.drive.content(path).toString('latin1')).join('\n')
  expect([...world.held].filter((text) => !bytes.includes(text))).toEqual([])
  const erased = [...world.written].filter((text) => !isErasure(text) && world.held.has(erasureOf(text)))
  expect(erased.filter((text) => bytes.includes(text.slice(0, text.indexOf(']') + 4)))).toEqual([])
}

/** @param calls - to the file system, after which the process is killed */
const live = async (world: World, calls: number): Promise<void> => {
  const [process, clock] = [{ left: calls }, createVirtualClock()]
  let failure: unknown
  const living = async (): Promise<void> => {
    world.failingFlushes = 0
    const storage = await open(world, process)
    const life = { world, clock, journal: await start(world, storage, clock) }
    world.failingFlushes = 0.15
    for (let step = 0; step < 15; step += 1) {
      act(life)
      await new Promise<void>((resolve) => void clock.after(wholeBetween(world.random, 0, 1_500), resolve))
    }
    world.drive.trouble = undefined
    world.failingFlushes = 0
    await new Promise<void>((resolve) => void clock.after(120_000, resolve))
    checkQuiet(life)
    await life.journal.close()
    await storage.close()
  }
  living().catch((error: unknown) => {
    failure = error
  })
  for (let turn = 0; turn < 30 && process.left >= 0; turn += 1) await clock.settle(5_000)
  process.left = -1
  world.drive.trouble = undefined
  if (failure !== undefined) throw failure
}

test(
  'whatever fails and whenever it is killed: what was saved is there, what was erased is gone',
  { timeout: 5_000 * seedsToRun(60).length },
  async () => {
    for (const seed of seedsToRun(40)) {
      const world = createWorld(seed)
      try {
        for (let life = 0; life < 6; life += 1) {
          await live(world, wholeBetween(world.random, 0, 400))
          if (world.random() < 0.6) world.drive.losePower()
        }
        await live(world, Infinity)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
    expect.hasAssertions()
  },
)
