import { expect, test } from 'vitest'
import { differences } from './differences.ts'

const said = (one: unknown, other: unknown): string | undefined =>
  differences([
    { name: 'one', says: one },
    { name: 'other', says: other },
  ])

test.each([
  [10, 1, 'other differs from one at character 1: 1 instead of 10'],
  [1, 10, 'other differs from one at character 1: 10 instead of 1'],
  [12, 13, 'other differs from one at character 1: 13 instead of 12'],
])(
  'says where %j and %j differ first, also if one is the beginning of the other',
  (one, other, difference) => {
    expect(said(one, other)).toBe(difference)
  },
)
