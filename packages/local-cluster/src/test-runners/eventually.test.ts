import { describe, expect, test } from 'vitest'
import { NotEventuallyError } from '../errors.ts'
import { eagerClock } from '../testing/eager-clock.ts'
import { eventually } from './eventually.ts'

const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  )

describe('eventually', () => {
  test('it returns what the assertion returned as soon as it holds', async () => {
    const clock = eagerClock()
    let tries = 0
    const assertion = (): string => {
      if (++tries < 3) throw new Error('not yet')
      return 'done'
    }
    await expect(eventually(assertion, { within: 1_000, every: 100, clock })).resolves.toBe('done')
    expect(clock.slept).toEqual([100, 100])
  })

  test('it fails with the last failure, saying how long and how many tries', async () => {
    let tries = 0
    const assertion = async (): Promise<void> => {
      throw new Error(`failure ${++tries}`)
    }
    const error = await failureOf(eventually(assertion, { within: 250, every: 100, clock: eagerClock() }))
    expect(error).toBeInstanceOf(NotEventuallyError)
    expect(error).toMatchObject({
      code: 'NOT_EVENTUALLY',
      message: 'still failing after 250 ms and 3 tries: failure 3',
      cause: new Error('failure 3'),
    })
  })

  test('a try that hangs is given up when the time is over', async () => {
    const hanging = async (): Promise<void> => await new Promise(() => undefined)
    const error = await failureOf(eventually(hanging, { within: 20, clock: eagerClock() }))
    expect(error).toMatchObject({
      message: 'still failing after 20 ms and 1 try: the first try has not finished',
    })
  })

  test('an aborted signal ends it with its reason', async () => {
    const test = new AbortController()
    const assertion = (): never => {
      test.abort(new Error('the test is over'))
      throw new Error('not yet')
    }
    await expect(eventually(assertion, { within: 1_000, signal: test.signal })).rejects.toThrow(
      'the test is over',
    )
  })

  test.each([0, -1, 1.5, Number.NaN, 3_600_001])('within: %d is refused', async (within) => {
    await expect(eventually(() => undefined, { within })).rejects.toThrow(/^within is /)
  })
})
