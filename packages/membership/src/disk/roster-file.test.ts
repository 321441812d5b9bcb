import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@grapevine/std'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rosterFile } from './roster-file.ts'
import { member } from '../testing/lone-member.ts'
import { joining, realMembers, recordingLog, sees } from '../testing/real-members.ts'

const { start, stopAll } = realMembers()
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'roster-'))))
afterEach(async () => {
  await stopAll()
  await rm(folder, { recursive: true })
})

test('a member that starts while it is cut off counts those of its last run, and takes itself for a minority', async () => {
  const a = await start('a', { dataDir: join(folder, 'a') })
  const others = await Promise.all(['b', 'c'].map((name) => start(name, joining(a))))
  await sees(a, ['a', 'b', 'c'])
  await a.leave()
  await Promise.all(others.map((other) => other.leave()))
  const again = await start('a', { dataDir: join(folder, 'a') })
  expect([again.size(), again.view()]).toEqual([3, 'minority'])
  expect(again.members().map(({ name, state }) => `${name} ${state}`)).toEqual([
    'a alive',
    'b down',
    'c down',
  ])
  expect(again.forget(others[0]?.self.id ?? '')).toBe(true)
  expect([again.size(), again.forget('nobody')]).toEqual([2, false])
})

test('it dials whom it remembers, without any discovery, and is whole again', async () => {
  const b = await start('b')
  const a = await start('a', { dataDir: join(folder, 'a'), ...joining(b) })
  await sees(a, ['a', 'b'])
  await a.leave()
  const again = await start('a', { dataDir: join(folder, 'a') })
  await sees(again, ['a', 'b'])
  expect([again.size(), again.view()]).toEqual([2, 'whole'])
})

test.each([
  ['garbage', 'not JSON'],
  ['{"members":[{"id":7}]}', 'other things'],
  ['[]', 'no roster'],
])('a file that is %s (%s) is ignored, and told of', async (text) => {
  await writeFile(join(folder, 'roster'), text)
  const { log, warnings } = recordingLog()
  expect(await rosterFile(folder, log, () => 0).load(1_000)).toEqual([])
  expect(warnings()).toEqual(['the roster of the last run cannot be read; it is ignored'])
})

test('a roster that is older than members are remembered says nothing', async () => {
  await rosterFile(folder, silentLog, () => 1_000).save([member('x')])
  expect(await rosterFile(folder, silentLog, () => 5_000).load(4_000)).toMatchObject([
    { id: 'x', state: 'down' },
  ])
  expect(await rosterFile(folder, silentLog, () => 5_001).load(4_000)).toEqual([])
})

test('a disk that fails is told of once, and stops nothing', async () => {
  const { log, warnings } = recordingLog()
  const taken = join(folder, 'taken')
  await writeFile(taken, 'no folder')
  const file = rosterFile(taken, log, () => 0)
  await file.save([member('x')])
  await file.save([member('y')])
  expect(warnings()).toEqual(['the roster cannot be written'])
})
