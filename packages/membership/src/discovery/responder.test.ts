import { expect, test } from 'vitest'
import { answerInterval, openResponder } from './responder.ts'

const interval = 5_000

/** Members on one multicast network: all hear every question, who asked included. */
const network = (size: number) => {
  const count = { questions: 0, answers: 0 }
  let time = 0
  let due: { readonly at: number; readonly work: () => void }[] = []
  const members = Array.from({ length: size }, () =>
    openResponder({
      interval,
      now: () => time,
      after: (milliseconds, work) => void due.push({ at: time + milliseconds, work }),
      ask: () => {
        count.questions += 1
        for (const member of members) member.asked()
      },
      answer: () => void (count.answers += 1),
    }),
  )
  /** Their timers are `apart` milliseconds apart. */
  const pass = (milliseconds: number, apart: number): void => {
    for (const end = time + milliseconds; time < end; time += 10) {
      const now = due.filter(({ at }) => at <= time)
      due = due.filter(({ at }) => at > time)
      for (const { work } of now) work()
      members.forEach((member, index) => {
        if (time > 0 && (time - index * apart) % interval === 0) member.tick()
      })
    }
  }
  return { count, members, pass }
}

test('sixteen that start at once answer once at once, and once a second later, whoever asked', () => {
  const { count, members, pass } = network(16)
  for (const member of members) member.begin()
  expect(count).toEqual({ questions: 16, answers: 16 })
  pass(answerInterval + 100, 0)
  expect(count).toEqual({ questions: 16, answers: 32 })
})

test.each([0, 100, 300])('one of sixteen asks each interval, their timers %i ms apart', (apart) => {
  const { count, members, pass } = network(16)
  for (const member of members) member.begin()
  pass(interval, apart)
  const before = { ...count }
  pass(10 * interval, apart)
  expect(count.questions - before.questions).toBeLessThanOrEqual(20)
  expect(count.questions - before.questions).toBeGreaterThanOrEqual(9)
  expect(count.answers - before.answers).toBeLessThanOrEqual(16 * 20)
})

test('who is alone asks each interval', () => {
  const { count, members, pass } = network(1)
  members[0]?.begin()
  pass(10 * interval + 100, 0)
  expect(count.questions).toBe(11)
})
