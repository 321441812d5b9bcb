import { expect, test } from 'vitest'
import { plot } from './plot.ts'

const bar = (label: string, median: number, own = false) => ({
  label,
  own,
  summary: { median, min: median * 0.9, max: median * 1.1 },
})

const widths = (svg: string): readonly number[] =>
  [...svg.matchAll(/class="(?:own|other)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))

test('bars start at zero and are as long as their medians', () => {
  const [ours = 0, theirs = 0] = widths(plot('speed', '/s', [bar('ours', 300, true), bar('theirs', 100)]))
  expect(ours / theirs).toBeCloseTo(3, 1)
})

test('labels cannot break out of the drawing', () => {
  const svg = plot('a < b', 'ms', [bar('"<script>"', 1)])
  expect(svg).not.toContain('<script>')
  expect(svg).toContain('a &lt; b')
})

test('the figures are in its text, for whoever does not see it', () => {
  expect(plot('speed', '/s', [bar('ours', 300)])).toContain('aria-label="speed. ours: 300 /s"')
})
