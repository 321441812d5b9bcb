import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { replicate, type Replica } from '../index.ts'
import { onStorage } from '../testing/on-storage.ts'
import { openFileStorage } from './open-file-storage.ts'

/** A file system of its own, of a few megabytes; that needs root. */
const tinyDisk = (): string | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'replica-tiny-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmdirSync(folder)
    return undefined
  }
}

const place = tinyDisk()
beforeAll(() => {
  if (place === undefined)
    console.warn('SKIPPED: a full and a read-only disk; mounting a tmpfs is not permitted here')
})
afterAll(() => {
  if (place === undefined) return
  execFileSync('umount', ['-l', place])
  rmdirSync(place)
})

let folder: string
beforeEach((context) => {
  folder = join(place ?? '', context.task.id.replaceAll(/\W/g, ''))
})

const start = async (doc: Y.Doc): Promise<Replica> => {
  const storage = await openFileStorage({ folder, owner: 'tiny' })
  const bus = memoryNetwork().join('lone')
  return onStorage(await replicate(doc, bus, { name: 'notes', storage, discoveryWindow: 0 }), storage)
}

const note = (replica: Replica, doc: Y.Doc, key: string, value: string): Promise<unknown> =>
  replica.write(() => doc.getMap('notes').set(key, value))

/** Random, so that it cannot be compressed. */
const kilobytes = (count: number): string => {
  return randomBytes(count * 512).toString('hex')
}

const afterRestart = async (): Promise<Y.Map<unknown>> => {
  const doc = new Y.Doc()
  await using again = await start(doc)
  expect(again.status().damaged).toBe(0)
  return doc.getMap('notes')
}

test.skipIf(place === undefined)(
  'a full disk refuses writes, serves reads, and takes all that it missed when there is space',
  async () => {
    const doc = new Y.Doc()
    await using replica = await start(doc)
    const ballast = join(place ?? '', 'ballast')
    await note(replica, doc, 'first', 'kept')
    await writeFile(ballast, kilobytes(18_000))
    let acknowledged = 0
    const fill = async (): Promise<void> => {
      for (; acknowledged < 200; acknowledged += 1)
        await note(replica, doc, `key ${acknowledged}`, kilobytes(64))
    }
    await expect(fill()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(replica.status().storage).toBe('failing')
    await expect(note(replica, doc, 'refused', 'x')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(doc.getMap('notes').get('first')).toBe('kept')
    expect(doc.getMap('notes').has('refused')).toBe(false)
    await rm(ballast)
    await expect.poll(() => replica.status().storage, { timeout: 15_000 }).toBe('keeping')
    await note(replica, doc, 'last', 'kept')
    await replica.close()
    const restored = await afterRestart()
    expect([restored.get('first'), restored.get('last')]).toEqual(['kept', 'kept'])
    for (let number = 0; number < acknowledged; number += 1) expect(restored.has(`key ${number}`)).toBe(true)
    await rm(folder, { recursive: true })
  },
)

test.skipIf(place === undefined)('a read-only disk is told, and nothing of it is set aside', async () => {
  const storage = await openFileStorage({ folder, owner: 'tiny' })
  await storage.close()
  const before = await readdir(place ?? '')
  execFileSync('mount', ['-o', 'remount,ro', place ?? ''])
  await expect(openFileStorage({ folder, owner: 'tiny' })).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  })
  execFileSync('mount', ['-o', 'remount,rw', place ?? ''])
  expect(await readdir(place ?? '')).toEqual(before)
})
