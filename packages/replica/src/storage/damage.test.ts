import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ForeignDataError } from '../errors.ts'
import { openLevelStorage } from './level.ts'
import type { Storage } from './storage.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'replica-')), 'disk')
})
afterEach(async () => {
  await rm(dirname(folder), { recursive: true })
})

const open = (): Promise<Storage> => openLevelStorage({ folder, owner: 'test', now: () => 0 })

const load = async (storage: Storage): Promise<string[]> => {
  const texts: string[] = []
  for await (const update of storage.load()) texts.push(Buffer.from(update).toString())
  return texts
}

const textOf = (number: number): string => `update ${number} `.repeat(4)

/** Writes entries and closes. */
const fill = async (count: number, compacted = false): Promise<void> => {
  const storage = await open()
  await load(storage)
  for (let number = 0; number < count; number += 1) await storage.append(Buffer.from(textOf(number)))
  if (compacted)
    await storage.compact(
      (async function* () {
        for (let number = 0; number < count; number += 1) yield Buffer.from(textOf(number))
      })(),
    )
  await storage.close()
}

const reopened = async (): Promise<{ readonly texts: string[]; readonly damaged: number }> => {
  const storage = await open()
  try {
    return { texts: await load(storage), damaged: storage.status().damaged }
  } finally {
    await storage.close()
  }
}

const filesOf = async (ending: RegExp): Promise<string[]> =>
  (await readdir(folder)).filter((name) => ending.test(name)).map((name) => join(folder, name))

const logFile = async (): Promise<string> => {
  const sized = await Promise.all(
    (await filesOf(/\.log$/)).map(async (file) => ({ file, size: (await stat(file)).size })),
  )
  const largest = sized.sort((a, b) => b.size - a.size)[0]
  if (largest === undefined) throw new Error('no log')
  return largest.file
}

const setAside = async (): Promise<string[]> =>
  (await readdir(dirname(folder))).filter((name) => name.startsWith(`${basename(folder)}.damaged-`))

test('a log cut at any byte of its tail opens, has all before the cut, and says that the rest is missing', async () => {
  await fill(12)
  const file = await logFile()
  const whole = await readFile(file)
  for (let cut = whole.length - 1; cut > whole.length - 200; cut -= 7) {
    await writeFile(file, whole.subarray(0, cut))
    const { texts, damaged } = await reopened()
    expect(texts.length).toBeLessThan(12)
    expect(texts).toEqual(Array.from({ length: texts.length }, (_, number) => textOf(number)))
    expect(damaged).toBe(1)
    // Opening rewrites the log; the next cut starts from the same.
    await rm(folder, { recursive: true })
    await fill(12)
    await writeFile(await logFile(), whole)
  }
})

/** With the signature gone the folder is nobody's, and that is said. */
const outcomeOf = async (opening: ReturnType<typeof reopened>): Promise<string> => {
  try {
    const { texts, damaged } = await opening
    const isTrue = texts.every((text) => /^(update \d )\1{3}$/.test(text))
    return isTrue && (texts.length === 6 || damaged > 0) ? 'noticed' : 'unnoticed'
  } catch (error) {
    return error instanceof ForeignDataError ? 'refused' : 'unnoticed'
  }
}

test('a flipped bit anywhere in the log never changes what is loaded, and never goes unnoticed', async () => {
  await fill(6)
  const size = (await stat(await logFile())).size
  for (let at = 3; at < size; at += Math.ceil(size / 20)) {
    await rm(folder, { recursive: true })
    await fill(6)
    const file = await logFile()
    const bytes = await readFile(file)
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    await writeFile(file, bytes)
    expect(await outcomeOf(reopened())).not.toBe('unnoticed')
  }
})

test.each([
  ['cut', async (file: string) => truncate(file, 10)],
  ['overwritten', async (file: string) => writeFile(file, 'garbage')],
  ['gone', async (file: string) => rm(file)],
])('a manifest that is %s is noticed; a copy is set aside and the rest is used', async (_how, damage) => {
  await fill(6)
  for (const file of await filesOf(/^MANIFEST/)) await damage(file)
  const { texts, damaged } = await reopened()
  expect(damaged).toBeGreaterThan(0)
  expect(await setAside()).toHaveLength(1)
  expect(texts.every((text, number) => text === textOf(number))).toBe(true)
  expect((await reopened()).texts).toEqual(texts)
})

test('a table with flipped bits ends in what can be read, the rest set aside, and a disk that takes writes', async () => {
  await fill(2_000, true)
  // Opening moves the log into a table.
  await reopened()
  const tables = await filesOf(/\.ldb$/)
  expect(tables.length).toBeGreaterThan(0)
  for (const file of tables) {
    const bytes = await readFile(file)
    for (let at = 100; at < bytes.length; at += 5_000) bytes[at] = (bytes[at] ?? 0) ^ 0xff
    await writeFile(file, bytes)
  }
  const storage = await open()
  const texts = await load(storage)
  expect(texts.length).toBeLessThan(2_000)
  expect(storage.status().damaged).toBeGreaterThan(0)
  await storage.compact(
    (async function* () {
      yield Buffer.from('all that is known')
    })(),
  )
  await storage.append(Buffer.from('goes on'))
  await storage.close()
  expect(await reopened()).toMatchObject({ texts: ['all that is known', 'goes on'], damaged: 0 })
})

test('garbage in the place of the data is set aside, and the disk starts empty', async () => {
  await fill(3)
  for (const name of await readdir(folder)) await writeFile(join(folder, name), 'garbage '.repeat(100))
  const { texts, damaged } = await reopened()
  expect(texts).toEqual([])
  expect(damaged).toBeGreaterThan(0)
  expect((await setAside()).length).toBeGreaterThan(0)
})
