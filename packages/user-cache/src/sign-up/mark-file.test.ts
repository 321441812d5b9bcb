import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateModes } from '@grapevine/std/node'
import { expect, onTestFinished, test } from 'vitest'
import { markFile } from './mark-file.ts'

test('what was written last is read, by whoever may read what this process writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'marks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const store = markFile(join(folder, 'deep', 'sign-ups.json'))
  expect(await store.read()).toBeUndefined()
  await store.write(Buffer.from('one'))
  await store.write(Buffer.from('two'))
  expect(Buffer.from((await store.read()) ?? '').toString()).toBe('two')
  expect(await readdir(join(folder, 'deep'))).toEqual(['sign-ups.json'])
  expect((await stat(join(folder, 'deep', 'sign-ups.json'))).mode & 0o777).toBe(privateModes().file)
})
