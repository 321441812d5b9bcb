import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDevOptions } from './options.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dev-options-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('three instances from port 4001, watched from the port below, with a secret that stays', () => {
  const options = readDevOptions({ DATA_DIR: folder })
  expect(options.names).toEqual(['node-1', 'node-2', 'node-3'])
  expect([options.portOf(0), options.portOf(2), options.controlPort]).toEqual([4001, 4003, 4000])
  expect(options.folderOf('node-1')).toBe(join(folder, 'node-1'))
  expect(readDevOptions({ DATA_DIR: folder }).env).toEqual(options.env)
})

test.each([
  ['INSTANCES', '0'],
  ['INSTANCES', '21'],
  ['INSTANCES', 'three'],
  ['PORT', '1'],
])('%s=%s is refused by one line that names it', (variable, value) => {
  expect(() => readDevOptions({ DATA_DIR: folder, [variable]: value })).toThrow(
    new RegExp(`^${variable}: [^\\n]+$`),
  )
})
