import { expect, test } from 'vitest'
import { bytesOf, cpuOf } from './usage.ts'

test('CPU time is read behind a name with spaces and brackets', () => {
  const stat = '42 (node (bench) x) S 1 42 42 0 -1 4194304 10 20 30 40 150 50 0 0 20 0 11 0 99 1 2'
  expect(cpuOf(stat)).toBe(2_000)
})

test('memory is read in bytes, and not from a longer name', () => {
  const rollup = '55 ffff ---p 0 00:00 0 [rollup]\nRss:      2048 kB\nPss:      1024 kB\nPss_Anon:  512 kB\n'
  expect(bytesOf(rollup, 'Rss')).toBe(2_097_152)
  expect(bytesOf(rollup, 'Pss')).toBe(1_048_576)
})
