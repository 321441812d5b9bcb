import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantile, summarise } from './summary.ts'

const figures = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 })

describe('summarise', () => {
  test('an odd number of values has one in the middle, whatever their order', () => {
    expect(summarise([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 })
  })

  test('an even number of values is met half way', () => {
    expect(summarise([4, 1, 3, 2]).median).toBe(2.5)
  })

  test('numbers are ordered as numbers, not as text', () => {
    expect(summarise([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 })
  })

  test('no values at all are an error, not a figure', () => {
    expect(() => summarise([])).toThrow(RangeError)
  })

  test('the median lies within the spread, and the values are left as they were', () => {
    fc.assert(
      fc.property(figures, (values) => {
        const before = [...values]
        const { median, min, max } = summarise(values)
        expect(median).toBeGreaterThanOrEqual(min)
        expect(median).toBeLessThanOrEqual(max)
        expect(values).toEqual(before)
      }),
    )
  })
})

describe('quantile', () => {
  test('99 of 100 even steps lie below the 99th percentile of 0 to 100', () => {
    const steps = Array.from({ length: 101 }, (_, index) => index)
    expect(quantile(steps, 0.99)).toBeCloseTo(99)
    expect(quantile(steps, 0)).toBe(0)
    expect(quantile(steps, 1)).toBe(100)
  })

  test('it grows with the fraction', () => {
    fc.assert(
      fc.property(
        figures,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a]
          expect(quantile(values, low)).toBeLessThanOrEqual(quantile(values, high) + 1e-6)
        },
      ),
    )
  })

  test('a fraction beyond 0 to 1 is refused', () => {
    expect(() => quantile([1], 99)).toThrow('0 to 1')
  })
})
