import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../clock/virtual-clock.ts'
import { seededRandom } from '../random.ts'
import { createVirtualDisk, type DiskProcess, type VirtualDisk } from './virtual-disk.ts'
import type { VirtualFile, VirtualFiles } from './files.ts'

const alive = (): DiskProcess => ({ left: Infinity })
const seeds = Array.from({ length: 100 }, (_, index) => index)
const diskOf = (seed: number): VirtualDisk => createVirtualDisk({ random: seededRandom(seed) })

const writeAll = async (file: VirtualFile, text: string): Promise<void> => {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done), done)
}

const store = async (files: VirtualFiles, path: string, text: string): Promise<VirtualFile> => {
  const file = await files.open(path, 'create')
  await writeAll(file, text)
  return file
}

const textOf = async (disk: VirtualDisk, path: string): Promise<string> => {
  const file = await disk.mount(alive()).open(path, 'read')
  return String(await file.read(await file.size(), 0))
}

const old = 'a'.repeat(300)
const fresh = 'b'.repeat(300)

describe('a loss of power', () => {
  test('takes nothing that was flushed, file and folder', async () => {
    for (const seed of seeds) {
      const disk = diskOf(seed)
      const files = disk.mount(alive())
      await (await store(files, '/data/notes', old)).sync()
      await files.syncFolder('/data')
      disk.losePower()
      expect(await textOf(disk, '/data/notes')).toBe(old)
    }
  })

  test('tears a write that was not flushed: parts of the new stand beside parts of the old', async () => {
    const ends = new Set<string>()
    for (const seed of seeds) {
      const disk = diskOf(seed)
      const files = disk.mount(alive())
      const file = await store(files, '/notes', old)
      await file.sync()
      await files.syncFolder('/')
      await writeAll(file, fresh)
      disk.losePower()
      const left = await textOf(disk, '/notes')
      expect(left).toHaveLength(300)
      ends.add(left === old ? 'lost' : left === fresh ? 'kept' : 'torn')
    }
    expect(ends).toContain('torn')
  })

  test('may take a name whose folder was not flushed, and may leave it', async () => {
    const there = new Set<boolean>()
    for (const seed of seeds) {
      const disk = diskOf(seed)
      await (await store(disk.mount(alive()), '/notes', old)).sync()
      disk.losePower()
      there.add(disk.paths.includes('/notes'))
    }
    expect(there.size).toBe(2)
  })

  test('after a flush that failed takes what was written before it, even if a later one went well', async () => {
    const kept = new Set<string>()
    for (const seed of seeds) {
      const disk = diskOf(seed)
      const files = disk.mount(alive())
      const file = await store(files, '/notes', old)
      await file.sync()
      await files.syncFolder('/')
      await writeAll(file, fresh)
      disk.trouble = 'broken'
      await expect(file.sync()).rejects.toMatchObject({ code: 'EIO' })
      disk.trouble = undefined
      await file.sync()
      disk.losePower()
      kept.add(await textOf(disk, '/notes'))
    }
    expect(kept.size).toBeGreaterThan(1)
    expect([...kept].some((text) => text !== fresh)).toBe(true)
  })
})

test('a full disk refuses to write and to create, and still reads and removes', async () => {
  const disk = diskOf(1)
  const files = disk.mount(alive())
  const file = await store(files, '/notes', old)
  disk.trouble = 'full'
  await expect(file.write(Buffer.from('x'), 0)).rejects.toMatchObject({ code: 'ENOSPC' })
  await expect(files.open('/other', 'create')).rejects.toMatchObject({ code: 'ENOSPC' })
  await expect(file.read(1, 200)).resolves.toEqual(Buffer.from('a'))
  await files.remove('/notes')
  expect(disk.paths).toEqual([])
})

test('rot turns over one bit of one file, and of no file that is spared', async () => {
  const disk = diskOf(2)
  const files = disk.mount(alive())
  await (await store(files, '/spared', old)).sync()
  await (await store(files, '/struck', old)).sync()
  expect(disk.rot((path) => path === '/struck')).toBe('/struck')
  const struck = disk.content('/struck')
  const changed = [...struck].filter((byte) => byte !== 97).map((byte) => byte ^ 97)
  expect(changed).toHaveLength(1)
  expect(changed.every((bits) => (bits & (bits - 1)) === 0)).toBe(true)
  expect(String(disk.content('/spared'))).toBe(old)
  expect(disk.rot(() => false)).toBeUndefined()
})

test('a clone has what the disk had, and each goes its own way from then on', async () => {
  const disk = diskOf(3)
  await (await store(disk.mount(alive()), '/notes', old)).sync()
  const clone = disk.clone()
  await (await store(disk.mount(alive()), '/notes', fresh)).sync()
  expect(await textOf(clone, '/notes')).toBe(old)
  expect(await textOf(disk, '/notes')).toBe(fresh)
  disk.wipe()
  expect(disk.paths).toEqual([])
  expect(await textOf(clone, '/notes')).toBe(old)
})

test('folders list their files and the folders in them', async () => {
  const disk = diskOf(4)
  const files = disk.mount(alive())
  for (const path of ['/data/users/log', '/data/users/HEAD', '/data/sessions/2953/log', '/elsewhere'])
    await store(files, path, 'x')
  expect(await files.list('/data')).toEqual(['users', 'sessions'])
  expect(await files.list('/data/users/')).toEqual(['log', 'HEAD'])
  await files.rename('/data/users/log', '/data/users/log.1')
  await expect(files.open('/data/users/log', 'read')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('calls take the time of the process, and never come back once it is killed', async () => {
  const clock = createVirtualClock()
  const disk = diskOf(5)
  const process: DiskProcess = { left: Infinity, clock }
  const files = disk.mount(process)
  const answers: string[] = []
  void files.list('/').then(() => answers.push('listed'))
  await clock.settle(0)
  expect(answers).toEqual([])
  await clock.settle(1)
  expect(answers).toEqual(['listed'])
  void files.list('/').then(() => answers.push('listed by the dead'))
  process.left = -1
  await clock.settle(1_000)
  expect(answers).toEqual(['listed'])
})
