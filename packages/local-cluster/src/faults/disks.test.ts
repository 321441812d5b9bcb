import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDisks, type Disks } from './disks.ts'
import { UnsupportedFaultError } from '../errors.ts'
import { fakeReaper } from '../testing/fake-reaper.ts'

const permitted = process.platform === 'linux' && process.geteuid?.() === 0
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disks-test-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

describe('folders on the disk of the machine', () => {
  test('are made, and removed with what is in them, so that the name can be had again', async () => {
    const disks = createDisks(folder, undefined, fakeReaper().reaper)
    await writeFile(join(await disks.open('a'), 'file'), 'data')
    await disks.remove('a')
    expect(readdirSync(folder)).toEqual([])
    await expect(disks.open('a')).resolves.toBe(join(folder, 'a'))
  })

  test('are not filled, and what was never opened is removed without harm', async () => {
    const disks = createDisks(folder, undefined, fakeReaper().reaper)
    await disks.open('a')
    await expect(disks.fill('a')).rejects.toThrow(UnsupportedFaultError)
    await disks.remove('b')
  })
})

describe.runIf(permitted)('disks of their own', () => {
  const { reaper, watched } = fakeReaper()
  let disks: Disks
  beforeEach(() => {
    disks = createDisks(folder, 1, reaper)
  })
  afterEach(async () => await disks.close())

  test('have no byte left when they are full, and have it again', async () => {
    const path = await disks.open('a')
    await disks.fill('a')
    await expect(writeFile(join(path, 'file'), 'x')).rejects.toThrow('ENOSPC')
    await disks.free()
    await writeFile(join(path, 'file'), 'x')
  })

  test('are watched until they are unmounted', async () => {
    const path = await disks.open('a')
    await disks.open('b')
    await writeFile(join(path, 'file'), 'x')
    await disks.remove('a')
    expect([existsSync(path), [...watched]]).toEqual([false, [`mount ${join(folder, 'b')}`]])
    await disks.close()
    expect([...watched]).toEqual([])
  })
})
