import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { SettingError } from '../settings/setting-error.ts'
import { readSettings, type Settings } from '../settings/settings.ts'
import { onFirstFree } from './shared-port.ts'
import { takeSlot, type Slot } from './slots.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slots-'))
  onTestFinished(() => rm(folder, { recursive: true }))
})

const settingsOf = (slots: string): Settings =>
  readSettings({
    appName: 'test',
    env: { CLUSTER_SECRET: 'the-secret-of-a-test', DATA_DIR: folder, NODE_NAME: 'box', DATA_SLOTS: slots },
  })

const take = async (slots = '3'): Promise<Slot> => {
  const slot = await takeSlot(settingsOf(slots))
  onTestFinished(() => slot.release())
  return slot
}

const whereabouts = ({ settings: { nodeName, dataDir } }: Slot): string[] => [nodeName, dataDir]

test('each process takes the first slot that is free, and one that was let go of is taken again', async () => {
  const first = await take()
  const second = await take()
  expect([first, second].map(whereabouts)).toEqual([
    ['box', folder],
    ['box-2', join(folder, 'slot-2')],
  ])
  await first.release()
  expect(whereabouts(await take())).toEqual(['box', folder])
  expect(whereabouts(await take())).toEqual(['box-3', join(folder, 'slot-3')])
})

test('after a reload and a reboot the slot is taken that was used last, not the lowest', async () => {
  const old = await take()
  const reloaded = await take()
  await old.release()
  await reloaded.release()
  expect(whereabouts(await take())).toEqual(['box-2', join(folder, 'slot-2')])
  expect(whereabouts(await take())).toEqual(['box', folder])
})

test('slots with data of a version without stamps come before empty ones, and after those with stamps', async () => {
  await mkdir(join(folder, 'slot-3', 'users'), { recursive: true })
  await writeFile(join(folder, 'slot-3', 'users', 'log'), 'x')
  await mkdir(join(folder, 'slot-2'))
  await writeFile(join(folder, 'slot-2', 'used'), '1\n')
  expect(whereabouts(await take())).toEqual(['box-2', join(folder, 'slot-2')])
  expect(whereabouts(await take())).toEqual(['box-3', join(folder, 'slot-3')])
  expect(whereabouts(await take())).toEqual(['box', folder])
})

test('of many that start at once no two get the same', async () => {
  const slots = await Promise.all(Array.from({ length: 8 }, () => take('16')))
  expect(new Set(slots.map(({ settings }) => settings.dataDir)).size).toBe(8)
})

test('when all are taken it is told how to allow more', async () => {
  await take('2')
  await take('2')
  await expect(take('2')).rejects.toThrow(
    /^DATA_SLOTS: all 2 slots of .+ are in use by other processes; allow more/,
  )
})

test('without slots the folder is that of one process, and nothing is changed', async () => {
  const settings = settingsOf('1')
  expect((await takeSlot(settings)).settings).toBe(settings)
})

test('the port of metrics is the first that is free, of as many as there are slots', async () => {
  const taken = new Set([9100, 9101])
  const open = async ({ port }: { readonly port: number }): Promise<number> => {
    if (taken.has(port)) throw new SettingError('METRICS_LISTEN', `${port} is in use by another process`)
    return port
  }
  const address = { host: '127.0.0.1', port: 9100 }
  expect(await onFirstFree(address, 3, open)).toBe(9102)
  await expect(onFirstFree(address, 2, open)).rejects.toThrow('METRICS_LISTEN: 9101 is in use')
})
