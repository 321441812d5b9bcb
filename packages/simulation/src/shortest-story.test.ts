import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shortestStory } from './shortest-story.ts'

const numbers = Array.from({ length: 100 }, (_, index) => index)

describe('the shortest story', () => {
  test('of a failure that needs three events of a hundred is these three, in order', async () => {
    const needed = [3, 50, 97]
    const found = await shortestStory(numbers, (events) => needed.every((event) => events.includes(event)))
    expect(found).toMatchObject({ events: needed, isShortest: true })
    expect(found.runs).toBeLessThan(150)
  })

  test('of a failure that needs nothing is empty', async () => {
    expect(await shortestStory(numbers, () => true)).toMatchObject({ events: [], isShortest: true })
  })

  test('fails, and does not without any one of its events', async () => {
    const sets = fc.subarray(numbers, { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(sets, fc.nat(3), async (needed, slack) => {
        // Any of the needed but so many: a failure that has several causes.
        const least = Math.max(1, needed.length - slack)
        const fails = (events: readonly number[]): boolean =>
          needed.filter((event) => events.includes(event)).length >= least
        const { events, isShortest } = await shortestStory(numbers, fails)
        expect(isShortest).toBe(true)
        expect(fails(events)).toBe(true)
        for (const left of events) expect(fails(events.filter((event) => event !== left))).toBe(false)
      }),
    )
  })

  test('is the shortest so far when the runs are used up, or nobody waits any more', async () => {
    const needed = [3, 50, 97]
    const fails = (events: readonly number[]): boolean => needed.every((event) => events.includes(event))
    const few = await shortestStory(numbers, fails, { mostRuns: 10 })
    expect(few).toMatchObject({ runs: 10, isShortest: false })
    expect(fails(few.events)).toBe(true)
    const aborted = await shortestStory(numbers, fails, { signal: AbortSignal.abort() })
    expect(aborted).toEqual({ events: numbers, runs: 0, isShortest: false })
  })
})
