import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pendingFile } from './pending-file.ts'

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'grapevine-pending-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}
const ann = 'a'.repeat(22)

test('ids are kept, each once, and half a line is none', async () => {
  const path = join(await folder(), 'database', 'pending')
  expect(await pendingFile(path).load()).toEqual([])
  await pendingFile(path).add(ann)
  await pendingFile(path).add(ann)
  expect(await pendingFile(path).load()).toEqual([ann])
  await writeFile(path, `${ann}\nbbbb`)
  expect(await pendingFile(path).load()).toEqual([ann])
})

test('what cannot be read stands for all rows, and keeps nobody out', async () => {
  const path = join(await folder(), 'pending')
  await mkdir(path)
  expect(await pendingFile(path).load()).toEqual(['*'])
})
