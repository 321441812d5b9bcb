import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { newFile } from './new-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'new-file-'))
  onTestFinished(() => rm(folder, { recursive: true }))
})

test('a file has its name only when it is whole', async () => {
  const path = join(folder, 'all')
  await newFile(path, async (file) => {
    await file.write('a')
    expect(await readdir(folder)).not.toContain('all')
    await file.write('b')
  })
  expect(await readFile(path, 'utf8')).toBe('ab')
  expect(await readdir(folder)).toEqual(['all'])
})

test('what fails leaves nothing', async () => {
  await expect(
    newFile(join(folder, 'all'), async (file) => {
      await file.write('a')
      throw new Error('no more')
    }),
  ).rejects.toThrow('no more')
  expect(await readdir(folder)).toEqual([])
})

test('nothing is overwritten, also what somebody put there meanwhile', async () => {
  const path = join(folder, 'all')
  const writing = newFile(path, async (file) => {
    await file.write('mine')
    await writeFile(path, 'theirs')
  })
  await expect(writing).rejects.toMatchObject({
    code: 'FILE',
    message: expect.stringContaining('exists already'),
  })
  await expect(newFile(path, async () => undefined)).rejects.toMatchObject({ code: 'FILE' })
  expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['theirs', ['all']])
})

test('a folder that is not there is told with the path that was asked for', async () => {
  const path = join(folder, 'nowhere', 'all')
  await expect(newFile(path, async () => undefined)).rejects.toThrow(`${path} cannot be written: ENOENT`)
})
