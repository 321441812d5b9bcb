import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@grapevine/std'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { folderDisk } from '../instance/disk.ts'
import { aloneMembership } from '../testing/alone.ts'
import { epochFactOf, epochOf, headsOf, parseEpochFact } from './epoch-fact.ts'
import { openSessions } from './open-sessions.ts'
import type { EndedSessions } from './ended-sessions.ts'

const week = 7 * 24 * 60 * 60_000
const log = pino({ level: 'silent' })

const openIn = (folder: string, clock: { readonly now: number }): Promise<EndedSessions> =>
  openSessions({
    bus: aloneMembership(),
    ports: {
      disk: folderDisk({ dataDir: folder, clusterName: 'test' }, log),
      clock: systemClock,
      now: () => clock.now,
      random: Math.random,
      randomBytes,
      log,
    },
    isTimeSettled: () => true,
  })

test('a folder that is copied, and put back with the mark of it, believes no cookie of before; nor once more', async () => {
  const clock = { now: 600 * week }
  const [folder, again] = [await mkdtemp(join(tmpdir(), 'ended-')), await mkdtemp(join(tmpdir(), 'ended-'))]
  onTestFinished(() => rm(folder, { recursive: true }))
  onTestFinished(() => rm(again, { recursive: true }))
  await (await openIn(folder, clock)).close()
  const open = (): Promise<EndedSessions> => openIn(again, clock)
  const epochs: (string | undefined)[] = []
  for (let restores = 0; restores < 3; restores += 1) {
    await rm(again, { recursive: true })
    await cp(folder, again, { recursive: true })
    if (restores > 0) await writeFile(join(again, 'sessions', 'restored'), '')
    const sessions = await open()
    epochs.push(sessions.epoch())
    expect(await readdir(join(again, 'sessions'))).not.toContain('restored')
    // It goes on for as long as there are sessions, through all periods and restarts.
    for (let weeks = 0; weeks < 5; weeks += 1) {
      expect(sessions.epoch(), `after ${weeks} weeks`).toBe(epochs.at(-1))
      clock.now += week
      await sessions.roll()
    }
    await sessions.close()
    const later = await open()
    expect(later.epoch()).toBe(epochs.at(-1))
    await later.close()
  }
  expect(epochs[0]).toBe(undefined)
  expect(new Set(epochs).size).toBe(3)
})

test('of epochs of both sides of a split there is one afterwards, which none of them was', () => {
  const [one, two, three] = ['a', 'b', 'c'].map((letter) => letter.repeat(22))
  if (one === undefined || two === undefined || three === undefined) throw new Error('unreachable')
  const [left, right] = [
    { salt: one, after: [] },
    { salt: two, after: [] },
  ]
  const both = epochOf(headsOf([left, right]))
  expect(both).toBe(epochOf(headsOf([right, left, right])))
  expect(new Set([undefined, epochOf(headsOf([left])), epochOf(headsOf([right])), both]).size).toBe(4)
  const next = { salt: three, after: [one, two] }
  expect(epochOf(headsOf([next]))).toBe(epochOf(headsOf([left, next, right])))
  for (const text of [
    '',
    '{"kind":"epoch"',
    '{"kind":"epoch","salt":1}',
    '{"kind":"epoch","salt":"short","after":[]}',
  ])
    expect(parseEpochFact(text)).toBe(undefined)
  const fact = epochFactOf(next)
  expect(fact.mark === '.' && parseEpochFact(fact.text)).toEqual(next)
})
