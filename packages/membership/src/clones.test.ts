import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seeds } from './index.ts'
import { joining, portOf, realMembers, recordingLog, sees, until } from './testing/real-members.ts'

const { start, stopAll } = realMembers()
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'clones-'))))
afterEach(async () => {
  await stopAll()
  await rm(folder, { recursive: true })
})

/** A member that ran once, and two copies of its folder. */
const copies = async (): Promise<readonly string[]> => {
  const original = join(folder, 'original')
  const first = await start('twin', { dataDir: original })
  await first.leave()
  await cp(original, join(folder, 'copy'), { recursive: true })
  return [original, join(folder, 'copy')]
}

const isTold = (warnings: readonly string[]): boolean =>
  warnings.some((line) => line.startsWith('another process runs with the key of twin'))

test('N5: two processes with one key and a way to each other say so, each in one line', async () => {
  const [original = '', copy = ''] = await copies()
  const [one, other] = [recordingLog(), recordingLog()]
  const a = await start('twin', { dataDir: original, log: one.log })
  await start('twin', { dataDir: copy, log: other.log, discovery: [seeds([`127.0.0.1:${portOf(a)}`])] })
  await until(() => isTold(one.warnings()) && isTold(other.warnings()))
  for (const { warnings } of [one, other])
    expect(warnings().filter((line) => line.includes('another process'))).toHaveLength(1)
})

test('N5: two processes with one key that meet a third say so as well', async () => {
  const [original = '', copy = ''] = await copies()
  const third = await start('third')
  const [one, other] = [recordingLog(), recordingLog()]
  const a = await start('twin', { dataDir: original, log: one.log, ...joining(third) })
  await sees(a, ['twin', 'third'])
  await start('twin', { dataDir: copy, log: other.log, ...joining(third) })
  await until(() => isTold(one.warnings()) && isTold(other.warnings()), 60_000)
  expect(third.members()).toHaveLength(2)
}, 75_000)

/** A copy of a member's folder, as soon as that tells of another member. */
const copyThatTells = async (from: string, to: string): Promise<void> => {
  const file = join(from, 'roster')
  await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('other'))
  await cp(from, to, { recursive: true })
}

test('N5: one that ran with the folder of another comes back without the copied key: it misses nobody, and every view is whole', async () => {
  const [original, copy] = [join(folder, 'original'), join(folder, 'copy')]
  const one = await start('one', { dataDir: original })
  const before = await start('other', joining(one))
  await copyThatTells(original, copy)
  await before.leave()
  const { log, warnings } = recordingLog()
  const clone = await start('other', {
    dataDir: copy,
    log,
    discovery: [seeds([`127.0.0.1:${portOf(one)}`])],
  })
  await until(() => warnings().some((line) => line.startsWith('another process runs with the key of other')))
  await clone.leave()
  await rm(join(copy, 'member.key'))
  const back = await start('other', { dataDir: copy, ...joining(one) })
  await sees(back, ['one', 'other'])
  await until(() => one.view() === 'whole' && back.view() === 'whole')
  expect([one.size(), back.size()]).toEqual([2, 2])
})
