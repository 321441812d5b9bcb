import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreedClock } from './agreed-clock.ts'

const start = 1_780_000_000_000
const year = 365 * 24 * 60 * 60_000

/** A node among others; how much their clocks are ahead of the right time, and its own. */
const among = (offsets: readonly number[], own = 0) => {
  const world = { passed: 0, own, offsets: [...offsets], linked: offsets.length }
  const skews = (): readonly number[] => world.offsets.map((offset) => offset - world.own)
  const id = (index: number): string => `member-${index}`
  const clock = agreedClock(
    {
      members: () => [{ id: 'self' }, ...skews().map((skew, index) => ({ id: id(index), skew }))],
      reachable: () => world.offsets.slice(0, world.linked).map((_offset, index) => id(index)),
    },
    () => start + world.passed + world.own,
    () => world.passed,
  )
  /** How far it is from the right time. */
  return { world, clock, error: (): number => clock.now() - start - world.passed }
}

const wrong = fc.integer({ min: -56 * year, max: 80 * year })

describe('the clock that the cluster agrees on', () => {
  test('is right on every node as long as most clocks are, however wrong the others', () => {
    fc.assert(
      fc.property(fc.array(wrong, { maxLength: 7 }), fc.integer({ min: 1, max: 8 }), (wrongs, more) => {
        const right = Array.from({ length: wrongs.length + more }, () => 0)
        const all = [...wrongs, ...right]
        for (const [index, own] of all.entries())
          expect(Math.abs(among(all.toSpliced(index, 1), own).error())).toBeLessThan(2_000)
      }),
    )
  })

  test('is the same on all nodes that measure each other, whatever their clocks', () => {
    fc.assert(
      fc.property(fc.array(wrong, { minLength: 1, maxLength: 9 }), (all) => {
        const errors = all.map((own, index) => among(all.toSpliced(index, 1), own).error())
        // An own clock that is off by less than is worth a correction is left as it is.
        expect(Math.max(...errors) - Math.min(...errors)).toBeLessThanOrEqual(2_000)
      }),
    )
  })

  test('does not follow when the own clock steps', () => {
    const { world, error } = among([0, 0])
    expect(error()).toBe(0)
    for (const own of [-600_000, year, 0, -3 * year]) {
      world.own = own
      expect(error(), 'at once').toBe(0)
      world.passed += 5_000
      expect(error(), 'later').toBe(0)
    }
  })

  test('is the own one for whoever is alone, and between two the earlier one', () => {
    const { world, error } = among([year])
    expect(error()).toBe(0)
    world.own = 2 * year
    world.passed += 1_000
    expect(error()).toBe(year)
    world.linked = 0
    world.passed += 1_000
    expect(error()).toBe(2 * year)
  })

  test('is settled by the first comparison, or after ten seconds', () => {
    expect(among([5]).clock.isSettled()).toBe(true)
    const { world, clock } = among([])
    expect(clock.isSettled()).toBe(false)
    world.passed = 10_000
    expect(clock.isSettled()).toBe(true)
  })
})
