import { expect, test } from 'vitest'
import { deadline, every, onAbort, sleep, systemClock, unlessAborted, type Clock } from './index.ts'

/** A clock that is set by hand. */
const byHand = () => {
  let time = 0
  const tasks = new Map<() => void, number>()
  const clock: Clock = {
    now: () => time,
    after: (ms, task) => {
      tasks.set(task, time + ms)
      return () => void tasks.delete(task)
    },
  }
  const pass = (ms: number): void => {
    time += ms
    for (const [task, due] of tasks) {
      if (due > time) continue
      tasks.delete(task)
      task()
    }
  }
  return { clock, pass, waiting: () => tasks.size }
}

const listenersOf = (signal: AbortSignal): { count: number } => {
  const counted = { count: 0 }
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    counted.count += 1
    addEventListener.apply(signal, given)
  }
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    counted.count -= 1
    removeEventListener.apply(signal, given)
  }
  return counted
}

test('work is waited for until its signal aborts, and the signal is let go of', async () => {
  await expect(unlessAborted(Promise.resolve(1), undefined)).resolves.toBe(1)
  const controller = new AbortController()
  const listeners = listenersOf(controller.signal)
  await expect(unlessAborted(Promise.resolve(1), controller.signal)).resolves.toBe(1)
  expect(listeners.count).toBe(0)
  const waiting = unlessAborted(new Promise(() => undefined), controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})

test('work that fails after its signal aborted does not end the process', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', onUnhandled)
  const work = new Promise((_, reject) => setImmediate(() => reject(new Error('late'))))
  await expect(unlessAborted(work, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})

test('an abort is told once, also one that was before, and not to who has stopped listening', () => {
  const told: unknown[] = []
  const controller = new AbortController()
  onAbort(controller.signal, (reason) => told.push(reason))
  onAbort(controller.signal, () => told.push('nobody'))()
  controller.abort('first')
  onAbort(controller.signal, (reason) => told.push(`late ${String(reason)}`))
  expect(told).toEqual(['first', 'late first'])
})

test('a sleep ends in time or when its signal aborts, and leaves no timer', async () => {
  const { clock, pass, waiting } = byHand()
  const slept = sleep(clock, 10)
  pass(10)
  await slept
  const controller = new AbortController()
  const broken = sleep(clock, 10, controller.signal)
  controller.abort(new Error('enough'))
  await expect(broken).rejects.toThrow('enough')
  await expect(sleep(clock, 10, controller.signal)).rejects.toThrow('enough')
  expect(waiting()).toBe(0)
  await sleep(systemClock, 1)
})

test('a deadline aborts when its time is up, or when it is given up, and not after its end', () => {
  const { clock, pass, waiting } = byHand()
  const kept = deadline(clock, 10)
  kept.end()
  const late = deadline(clock, 10)
  const lost = deadline(clock, 1_000)
  pass(10)
  lost.giveUp('lost')
  lost.end()
  expect(kept.signal.aborted).toBe(false)
  expect(late.signal.reason).toEqual(new Error('no answer within 10 ms'))
  expect(lost.signal.reason).toBe('lost')
  expect(waiting()).toBe(0)
})

test('what is done every so often ends when it is told to, also from within', () => {
  const { clock, pass, waiting } = byHand()
  let rounds = 0
  const end = every(clock, 10, () => {
    rounds += 1
    if (rounds === 3) end()
  })
  for (let round = 0; round < 6; round += 1) pass(10)
  expect(rounds).toBe(3)
  expect(waiting()).toBe(0)
})
