import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { silentLog, type Log } from '@grapevine/std'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileStorage } from '../open-file-storage.ts'
import { headerLength } from '../format/header.ts'
import type { Storage, StorageStatus } from '../storage.ts'

const owner = 'test/users'
let folder: string
let said: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replica-'))
  said = []
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const note = (_fields: object, message: string): void => void said.push(message)
const log: Log = { ...silentLog, warn: note, error: note }

const open = (): Promise<Storage> => openFileStorage({ folder, owner, log })

const load = async (storage: Storage): Promise<string[]> => {
  const texts: string[] = []
  for await (const record of storage.load()) texts.push(Buffer.from(record).toString())
  return texts
}

const textOf = (number: number): string => `record ${number} `.repeat(4)
const all = (count: number): string[] => Array.from({ length: count }, (_, number) => textOf(number))

const snapshotOf = async function* (texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

/** Appends records one by one and closes; with `compacted`, the first half lies in a snapshot. */
const fill = async (count: number, compacted = false): Promise<void> => {
  const storage = await open()
  await load(storage)
  for (const [number, text] of all(count).entries()) {
    if (compacted && number === count / 2) await storage.compact(snapshotOf(all(number)))
    await storage.append(Buffer.from(text))
  }
  await storage.close()
}

const reopened = async (): Promise<{ readonly texts: string[]; readonly status: StorageStatus }> => {
  const storage = await open()
  try {
    const texts = await load(storage)
    return { texts, status: storage.status() }
  } finally {
    await storage.close()
  }
}

const only = async (ending: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending))
  expect(names).toHaveLength(1)
  return join(folder, names[0] ?? '')
}

test('a log cut at any byte has all before the cut, and says that the rest is missing', async () => {
  await fill(5)
  const file = await only('.log')
  const head = await readFile(join(folder, 'HEAD'))
  const whole = await readFile(file)
  for (let cut = whole.length - 1; cut >= 0; cut -= 3) {
    await writeFile(file, whole.subarray(0, cut))
    await writeFile(join(folder, 'HEAD'), head)
    for (const name of await readdir(folder)) if (name.endsWith('.damaged')) await rm(join(folder, name))
    said = []
    const { texts, status } = await reopened()
    expect(texts, `cut at ${cut}`).toEqual(all(texts.length))
    expect(texts.length).toBe(Math.max(0, Math.floor((cut - headerLength(owner)) / (16 + textOf(0).length))))
    expect(status, `cut at ${cut}`).toMatchObject({ damaged: 1, compactionDue: true })
    expect(said).toEqual([expect.stringContaining('members will be asked for what it held')])
  }
})

test('a write that did not complete is cut off and said, and is no damage', async () => {
  await fill(3)
  const file = await only('.log')
  const whole = await readFile(file)
  await writeFile(file, Buffer.concat([whole, whole.subarray(headerLength(owner), headerLength(owner) + 20)]))
  const { texts, status } = await reopened()
  expect(texts).toEqual(all(3))
  expect(status).toMatchObject({ damaged: 0, compactionDue: false })
  expect(said).toEqual([expect.stringContaining('a write that did not complete')])
  expect(await readFile(file)).toEqual(whole)
  await fill(1)
  expect((await reopened()).texts).toEqual([...all(3), textOf(0)])
})

test('a flipped bit anywhere costs at most the record that it is in, and never goes unnoticed', async () => {
  await fill(6, true)
  for (const ending of ['.log', '.snapshot']) {
    const file = await only(ending)
    const whole = await readFile(file)
    for (let at = 0; at < whole.length; at += 5) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      await writeFile(file, bytes)
      const { texts, status } = await reopened()
      expect(texts.length, `${ending} byte ${at}`).toBe(at < headerLength(owner) ? 6 : 5)
      expect(texts.every((text) => all(6).includes(text))).toBe(true)
      expect(status, `${ending} byte ${at}`).toMatchObject({ damaged: 1, compactionDue: true })
      await rm(`${file}.damaged`)
      await writeFile(file, whole)
    }
  }
})

test('damaged bytes are set aside, stay over a compaction, and go with one that is to forget them', async () => {
  await fill(4)
  const file = await only('.log')
  const bytes = await readFile(file)
  bytes[headerLength(owner) + 20] = 0
  await writeFile(file, bytes)
  const storage = await open()
  expect(await load(storage)).toEqual(all(4).slice(1))
  const aside = `${file}.damaged`
  expect((await readFile(aside)).includes(textOf(0).slice(10))).toBe(true)
  await storage.compact(snapshotOf(['all that is known']))
  expect(storage.status()).toMatchObject({ damaged: 1, compactionDue: false })
  expect((await readFile(aside)).includes(textOf(0).slice(10))).toBe(true)
  await storage.close()
  // A later start knows of it: text that is erased by then may be in it.
  const later = await open()
  expect(await load(later)).toEqual(['all that is known'])
  expect(later.status()).toMatchObject({ damaged: 0, setAside: 1 })
  await later.compact(snapshotOf(['all that is known']), { forgetDamaged: true })
  expect(later.status().setAside).toBe(0)
  await later.append(Buffer.from('goes on'))
  await later.close()
  expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toEqual([])
  expect(await reopened()).toMatchObject({ texts: ['all that is known', 'goes on'], status: { damaged: 0 } })
})

test('garbage in the place of the data is set aside, and the disk starts empty', async () => {
  await fill(4, true)
  for (const name of await readdir(folder)) await writeFile(join(folder, name), 'garbage '.repeat(100))
  const { texts, status } = await reopened()
  expect(texts).toEqual([])
  expect(status).toMatchObject({ damaged: 2, compactionDue: true })
  expect(said).toContainEqual(expect.stringContaining('the disk’s data is damaged'))
  expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toHaveLength(2)
  await fill(1)
  expect((await reopened()).texts).toEqual([textOf(0)])
})

test('a file that lost its first sector is still read, by its name', async () => {
  await fill(20)
  const file = await only('.log')
  const bytes = await readFile(file)
  bytes.fill(0, 0, 512)
  await writeFile(file, bytes)
  const { texts, status } = await reopened()
  expect(texts).toEqual(all(20).slice(-texts.length))
  expect(texts.length).toBeGreaterThan(8)
  expect(status.damaged).toBeGreaterThan(0)
})

test('a log that is gone, and a snapshot that is cut, are told', async () => {
  await fill(6, true)
  await rm(await only('.log'))
  expect((await reopened()).status).toMatchObject({ damaged: 1 })
  await rm(folder, { recursive: true })
  await fill(6, true)
  await truncate(await only('.snapshot'), headerLength(owner) + 2 * (16 + textOf(0).length))
  const { texts, status } = await reopened()
  expect(texts).toEqual([...all(2), ...all(6).slice(3)])
  expect(status).toMatchObject({ damaged: 1 })
})

test('what a compaction that was cut off left behind is read, and makes one due', async () => {
  await fill(4)
  const older = await only('.log')
  const bytes = await readFile(older)
  await fill(2, true)
  await writeFile(older, bytes)
  const { texts, status } = await reopened()
  expect(new Set(texts)).toEqual(new Set(all(4)))
  expect(status).toMatchObject({ damaged: 0, compactionDue: true })
})

test('a snapshot that was not completed is removed unread', async () => {
  await fill(2)
  await writeFile(join(folder, '00000009-0123456789abcdef.snapshot.tmp'), 'half')
  expect((await reopened()).texts).toEqual(all(2))
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

const contents = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), 'hex')] as const),
    ),
  )

test('another owner’s data is refused, and left as it is', async () => {
  await fill(2, true)
  const before = await contents()
  await expect(openFileStorage({ folder, owner: 'test/other' })).rejects.toMatchObject({
    code: 'FOREIGN_DATA',
    message: `${folder} holds data of "test/users"; expected "test/other"; nothing was read or changed`,
  })
  expect(await contents()).toEqual(before)
})

test('data of a later format is refused in one line, and left as it is', async () => {
  await fill(2)
  const file = await only('.log')
  const bytes = await readFile(file)
  bytes.writeUInt32BE(2, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 12)), 12)
  await writeFile(file, bytes)
  const before = await contents()
  await expect(open()).rejects.toMatchObject({
    code: 'NEWER_FORMAT',
    message: `${folder} holds data of format 2, of a later version; this one reads format 1; nothing was read or changed`,
  })
  expect(await contents()).toEqual(before)
})

test.each([
  ['CURRENT', 'MANIFEST-000002', '000003.log', 'LOCK', 'LOG', 'HEAD'],
  ['000005.ldb', '000007.log'],
])(
  'data of the version before (%s, …) is refused in one line that says how to take it along',
  async (...names) => {
    await mkdir(folder, { recursive: true })
    for (const name of names) await writeFile(join(folder, name), 'of LevelDB')
    const before = await contents()
    await expect(open()).rejects.toMatchObject({
      code: 'OLD_FORMAT',
      message: expect.stringMatching(
        /^[^\n]*users export[^\n]*users import[^\n]*nothing was read or changed$/,
      ),
    })
    expect(await contents()).toEqual(before)
  },
)

test('files that are none of ours are left alone', async () => {
  await writeFile(join(folder, 'lost+found'), 'x')
  await writeFile(join(folder, '.DS_Store'), 'x')
  await fill(4, true)
  expect((await reopened()).texts).toEqual(all(4))
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['lost+found', '.DS_Store']))
})
