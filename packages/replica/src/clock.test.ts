import { expect, test } from 'vitest'
import { turnWatch, type Clock } from './clock.ts'

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
  const comeRound = (): void => {
    const due = tasks
    tasks = []
    for (const task of due) task()
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

test('time in which the event loop goes round is nobody’s work', () => {
  const { clock, pass, comeRound } = byHand()
  const isOver = turnWatch(clock, 10)
  for (let change = 0; change < 5; change += 1) {
    expect(isOver()).toBe(false)
    comeRound()
    pass(12)
  }
})
