import { expect, test } from 'vitest'
import type { Clock } from '@grapevine/std'
import { breather, turnWatch } from './event-loop.ts'

/** A clock that is set by hand, and an event loop that comes round when told. */
const byHand = () => {
  let time = 0
  let tasks: (() => void)[] = []
  const clock: Clock = {
    now: () => time,
    after: (_ms, task) => {
      tasks.push(task)
      return () => undefined
    },
  }
  /** What promises lead to comes before the next task, as in Node.js. */
  const comeRound = async (): Promise<void> => {
    const due = tasks
    tasks = []
    for (const task of due) {
      task()
      await new Promise(setImmediate)
    }
  }
  return { clock, comeRound, pass: (ms: number) => void (time += ms) }
}

test('a turn is over when work has taken as long as the limit since the first question in it', () => {
  const { clock, pass } = byHand()
  const isOver = turnWatch(clock, 10)
  pass(100)
  expect(isOver()).toBe(false)
  pass(9)
  expect(isOver()).toBe(false)
  pass(1)
  expect(isOver()).toBe(true)
})

test('time in which the event loop goes round is nobody’s work', async () => {
  const { clock, pass, comeRound } = byHand()
  const isOver = turnWatch(clock, 10)
  for (let change = 0; change < 5; change += 1) {
    expect(isOver()).toBe(false)
    await comeRound()
    pass(12)
  }
})

test('all who work in one turn share its time, and who waits for the next one shares that', async () => {
  const { clock, pass, comeRound } = byHand()
  const [one, other] = [breather(clock, 10), breather(clock, 10)]
  const done: string[] = []
  const work = async (name: string, breathe: () => Promise<void>): Promise<void> => {
    await breathe()
    pass(10)
    done.push(name)
  }
  await work('first', one)
  const rest = Promise.all([work('second', other), work('third', one)])
  await comeRound()
  expect(done).toEqual(['first', 'second'])
  await comeRound()
  await rest
  expect(done).toEqual(['first', 'second', 'third'])
})
