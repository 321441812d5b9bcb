import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from './entry.ts'
import { formatMoney, parseMoney } from './money.ts'

test.each([
  ['12', 1_200],
  ['12.5', 1_250],
  [' 12,50 ', 1_250],
  ['0.01', 1],
  ['1 234.56', 123_456],
  ["1'234'567", 123_456_700],
  ['1,234', 123_400],
  ['1,234,567.89', 123_456_789],
  ['100000000', limits.amount],
])('%j is %d minor units', (typed, amount) => {
  expect(parseMoney(typed)).toBe(amount)
})

test.each([
  '',
  '0',
  '0.00',
  '-1',
  '+1',
  '1.234',
  '1,2345',
  '1,23,456',
  '1e3',
  '0x10',
  '12 34',
  '٣',
  '100000000.01',
  '9'.repeat(400),
])('%j is no amount', (typed) => {
  expect(parseMoney(typed)).toBeUndefined()
})

test('what is shown can be typed again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: limits.amount }), (amount) => {
      expect(parseMoney(formatMoney(amount))).toBe(amount)
    }),
  )
})

test('money spent has a minus', () => {
  expect(formatMoney(-123_456)).toBe('−1,234.56')
})
