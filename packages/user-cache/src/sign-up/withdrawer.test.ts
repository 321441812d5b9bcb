import { silentLog } from '@grapevine/std'
import { expect, test } from 'vitest'
import { hashOf, startNode } from '../testing/kit.ts'
import { openMarks } from './marks.ts'
import type { Decision } from './round.ts'
import { createWithdrawer } from './withdrawer.ts'

const setUp = async (decisions: readonly Decision[], isLeft: boolean) => {
  const node = startNode('a')
  const { id } = node.users.register({ username: 'Ada', passwordHash: hashOf('one') })
  const mark = { key: node.users.signUps.claimOf(id)?.key ?? '', isNew: true }
  const marks = await openMarks(undefined, silentLog)
  await marks.add(mark)
  const timers: (() => void)[] = []
  const [disk, asked] = [{ isFull: false }, [...decisions]]
  let becomeReady = (): void => undefined
  const ready = new Promise<void>((resolve) => (becomeReady = resolve))
  const withdraw = createWithdrawer({
    signUps: node.users.signUps,
    marks: isLeft ? marks : { ...marks, all: () => [] },
    askAgain: async () => asked.shift() ?? 'unconfirmed',
    write: async (change) => {
      if (disk.isFull) throw new Error('full')
      change()
    },
    ready,
    clock: { now: () => 0, after: (_ms, run) => (timers.push(run), () => undefined) },
    log: silentLog,
    signal: new AbortController().signal,
  })
  const settle = (): Promise<unknown> => new Promise((resolve) => void setImmediate(resolve))
  const tick = async (): Promise<void> => {
    timers.shift()?.()
    await settle()
  }
  const start = async (): Promise<void> => {
    becomeReady()
    await settle()
  }
  const isThere = (): boolean => node.users.get(id) !== undefined
  return { node, id, mark, marks, disk, withdraw, tick, start, isThere }
}

test('a claim is taken back at once when it is refused', async () => {
  const { withdraw, mark, marks, isThere } = await setUp([], false)
  await withdraw(mark)
  expect([isThere(), marks.all()]).toEqual([false, []])
})

test('one that the disk did not let go is there to stay if it is nobody else’s', async () => {
  const { withdraw, mark, marks, disk, tick, isThere } = await setUp(['ok'], false)
  disk.isFull = true
  await withdraw(mark)
  expect(marks.all()).toEqual([mark])
  disk.isFull = false
  await tick()
  expect([isThere(), marks.all()]).toEqual([true, []])
})

test('one of before the restart is asked about when the node is ready, until that is known', async () => {
  const { node, mark, marks, start, tick, isThere } = await setUp(['unconfirmed', 'taken'], true)
  expect(node.users.signUps.unanswered()).toEqual([mark.key])
  await tick()
  expect(isThere()).toBe(true)
  await start()
  expect([isThere(), marks.all()]).toEqual([true, [mark]])
  await tick()
  expect([isThere(), marks.all()]).toEqual([false, []])
})

test('nobody who has used the account loses it', async () => {
  const { node, id, marks, start, isThere } = await setUp(['taken'], true)
  node.users.endSessions(id)
  await start()
  expect([isThere(), marks.all(), node.users.signUps.unanswered()]).toEqual([true, [], []])
})
