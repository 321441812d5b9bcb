import { describe, expect, test } from 'vitest'
import type { Comparison } from '../measurement.ts'
import { compare, type Samples } from './compare.ts'

const ours = { contestant: 'ours', reading: 'time' }
const theirs = { contestant: 'theirs', reading: 'time' }
const timed = (...values: readonly number[]) => values.map((time) => ({ time }))

const ratio = (reach: Comparison['reach']): Comparison => ({
  what: 'time',
  unit: 'ms',
  subject: ours,
  relation: 'ratio',
  rival: theirs,
  ...(reach === undefined ? {} : { reach }),
})

const measured = (comparison: Comparison, samples: Samples) => {
  const row = compare(comparison, samples)
  if (row.type !== 'measured') throw new Error(row.why)
  return row
}

describe('compare', () => {
  test('relates round by round: a slow minute that hits both changes no ratio', () => {
    const samples = new Map([
      ['ours', timed(2, 20, 4)],
      ['theirs', timed(1, 10, 2)],
    ])
    expect(measured(ratio(undefined), samples).figure).toEqual({ median: 2, min: 2, max: 2 })
  })

  test('a difference keeps the unit, an absolute has no rival', () => {
    const samples = new Map([
      ['ours', timed(5)],
      ['theirs', timed(3)],
    ])
    const difference: Comparison = {
      what: 'x',
      unit: 's',
      subject: ours,
      relation: 'difference',
      rival: theirs,
    }
    expect(measured(difference, samples).figure.median).toBe(2)
    const absolute = measured({ what: 'x', unit: 's', subject: ours, relation: 'absolute' }, samples)
    expect(absolute.figure.median).toBe(5)
    expect(absolute.rival).toBeUndefined()
  })

  test.each([
    [{ type: 'at most', value: 2 }, 'reached'],
    [{ type: 'at most', value: 1.99 }, 'not reached'],
    [{ type: 'at least', value: 2 }, 'reached'],
    [{ type: 'at least', value: 2.01 }, 'not reached'],
    [undefined, 'no target'],
  ] as const)('a ratio of 2 held against %o is %s', (reach, verdict) => {
    const samples = new Map([
      ['ours', timed(2)],
      ['theirs', timed(1)],
    ])
    expect(measured(ratio(reach), samples).verdict).toBe(verdict)
  })

  test('a rival that is not there makes a skipped row that says why', () => {
    const samples: Samples = new Map<string, ReturnType<typeof timed> | { absent: string }>([
      ['ours', timed(2)],
      ['theirs', { absent: 'not installed' }],
    ])
    expect(compare(ratio(undefined), samples)).toMatchObject({ type: 'skipped', why: 'not installed' })
  })

  test('a reading that is missing or no number is an error, not a figure', () => {
    const broken = new Map([
      ['ours', timed(Number.NaN)],
      ['theirs', timed(1)],
    ])
    expect(() => compare(ratio(undefined), broken)).toThrow('NaN')
    expect(() => compare(ratio(undefined), new Map([['ours', timed(1)]]))).toThrow('theirs')
  })
})
