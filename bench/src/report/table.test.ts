import { describe, expect, test } from 'vitest'
import type { Row } from '../statistics/compare.ts'
import { figure, spread } from './figures.ts'
import { lines } from './lines.ts'
import { table } from './table.ts'

const row: Row = {
  comparison: {
    what: 'requests | second',
    unit: '/s',
    subject: { contestant: 'Grapevine', reading: 'perSecond' },
    relation: 'ratio',
    rival: { contestant: 'Redis', reading: 'perSecond' },
    reach: { type: 'at least', value: 3 },
  },
  type: 'measured',
  subject: { median: 21_234, min: 20_000, max: 22_000 },
  rival: { median: 7_012, min: 6_900, max: 7_100 },
  figure: { median: 3.028, min: 2.9, max: 3.1 },
  verdict: 'reached',
}

describe('table', () => {
  test('a row tells both sides, the ratio with its spread, the target and the verdict', () => {
    expect(table([row]).split('\n')[2]).toBe(
      String.raw`| requests \| second | 21,200 /s (20,000 to 22,000) | Redis | 7,010 /s (6,900 to 7,100) | 3.03 × (2.9 to 3.1) | ≥ 3 × | reached |`,
    )
  })

  test('what is not reached stands out', () => {
    expect(table([{ ...row, verdict: 'not reached' }])).toContain('| **not reached** |')
  })

  test('an absolute row has no rival and tells its figure once', () => {
    const { what, unit, subject } = row.comparison
    const absolute: Row = {
      comparison: { what, unit, subject, relation: 'absolute', reach: { type: 'at most', value: 50 } },
      type: 'measured',
      subject: row.figure,
      rival: undefined,
      figure: row.figure,
      verdict: 'reached',
    }
    expect(table([absolute]).split('\n')[2]).toContain(
      '| 3.03 /s (2.9 to 3.1) | – | – | – | ≤ 50 /s | reached |',
    )
  })

  test('a skipped row names the reason, and no figure', () => {
    const skipped: Row = { comparison: row.comparison, type: 'skipped', why: 'no redis-server' }
    expect(table([skipped])).toContain('| – | Redis | – | – | ≥ 3 × | skipped: no redis-server |')
    expect(lines(skipped)).toContain('skipped: no redis-server')
  })

  test('every line has as many cells as the head', () => {
    const counts = table([row, row])
      .split('\n')
      .map((line) => line.replaceAll(String.raw`\|`, '').split('|').length)
    expect(new Set(counts).size).toBe(1)
  })
})

describe('figures', () => {
  test.each([
    [0.001234, '0.00123 ms'],
    [1_234_567, '1,230,000 ms'],
    [50, '50 ms'],
  ])('%d is told in three digits: %s', (value, text) => {
    expect(figure(value, 'ms')).toBe(text)
  })

  test('a spread names the unit once', () => {
    expect(spread({ median: 2, min: 1, max: 3 }, 'µs')).toBe('2 µs (1 to 3)')
  })
})
