import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readIfThere, replaceFile } from './kept-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grapevine-kept-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const textOf = async (path: string): Promise<string | undefined> => (await readIfThere(path))?.toString()

test('what was written last is read, and nothing else is left in the folder', async () => {
  const path = join(folder, 'deep', 'kept')
  expect(await textOf(path)).toBeUndefined()
  await replaceFile(path, 'a longer text')
  await replaceFile(path, Buffer.from('short'))
  expect(await textOf(path)).toBe('short')
  expect(await readdir(dirname(path))).toEqual(['kept'])
})

test('a draft that a crash left is nobody’s: the next write takes its place', async () => {
  const path = join(folder, 'kept')
  await replaceFile(path, 'before')
  await writeFile(`${path}.new`, 'half of what shou')
  expect(await textOf(path)).toBe('before')
  await replaceFile(path, 'after')
  expect(await textOf(path)).toBe('after')
  expect(await readdir(folder)).toEqual(['kept'])
})

test.skipIf(process.platform === 'win32')('nobody else may read it', async () => {
  const path = join(folder, 'kept')
  await replaceFile(path, 'text')
  expect((await stat(path)).mode & 0o077).toBe(0)
})

test('what cannot be read is an error, unless it is not there', async () => {
  await expect(readIfThere(folder)).rejects.toThrow('EISDIR')
})
