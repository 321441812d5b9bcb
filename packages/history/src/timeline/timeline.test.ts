import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import type { PlayedFault } from '../nemesis/played-fault.ts'
import { checkSet } from '../judge/check-set.ts'
import type { Entry, Outcome, SetOperation } from '../history.ts'
import { drawTimeline, type Timeline } from './timeline.ts'

type E = Entry<SetOperation>
const add = (element: string, from: number, to: number, outcome: Outcome = 'ok', node = 'node-1'): E => ({
  kind: 'add',
  element,
  node,
  from,
  to,
  outcome,
  ...(outcome === 'unknown' ? { problem: 'Error: "reset" & <gone>' } : {}),
})
const read = (elements: string[], from: number, node = 'node-1'): E => ({
  kind: 'read',
  elements,
  node,
  from,
  to: from + 50,
  outcome: 'ok',
})

const faults: PlayedFault[] = [
  { action: { kind: 'partition', groups: [['node-3'], ['node-1', 'node-2']] }, from: 250, inForce: 300 },
  { action: { kind: 'heal' }, from: 2_000, inForce: 2_500 },
]

const draw = (timeline: Partial<Timeline>): string =>
  drawTimeline({ title: 'a <bad> run', entries: [], faults: [], ...timeline })
const titlesOf = (svg: string): string[] =>
  parse(svg)
    .querySelectorAll('title')
    .map(({ text }) => text)
const textsOf = (svg: string): string[] =>
  parse(svg)
    .querySelectorAll('text')
    .map(({ text }) => text)

test('a timeline is one SVG, without a number that is none, of nothing too', () => {
  for (const svg of [
    draw({}),
    draw({ faults }),
    draw({ entries: [add('ada', 5, Infinity, 'unknown')], faults }),
  ]) {
    expect(svg).toMatch(/^<svg [^>]+>[^]*<\/svg>$/)
    expect(svg).toContain('a &lt;bad&gt; run')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  }
})

test('each operation has a title: what it was, how it went, when, and its problem', () => {
  const svg = draw({
    entries: [add('ada & <co>', 1_000, 1_250, 'unknown'), add('bob', 2_000, Infinity, 'unknown')],
  })
  expect(titlesOf(svg)).toEqual([
    'add ada & <co>, unknown, 0.00 s to 0.25 s, 250 ms: Error: "reset" & <gone>',
    'add bob, unknown, 1.00 s, not ended: Error: "reset" & <gone>',
  ])
  expect(svg).not.toContain('<gone>')
})

test('what XML does not allow is not in it', () => {
  const svg = draw({ entries: [add('a\u0000b\uD800\u001B', 0, 1)] })
  expect(svg).not.toMatch(/[^\n\P{Cc}]|\p{Cs}/u)
  expect(titlesOf(svg)).toEqual(['add a\uFFFDb\uFFFD\uFFFD, ok, 0.00 s to 0.00 s, 1 ms'])
})

test('what a checker found is marked, on the add and on the reads that show it', () => {
  const entries = [add('ada', 0, 100), read(['ada', 'eve'], 500), read([], 3_000, 'node-2')]
  const { findings } = checkSet(entries)
  const svg = draw({ entries, findings })
  expect(titlesOf(svg)).toEqual(
    expect.arrayContaining([
      'lost: ada; written on node-1 at 0.00 s',
      'lost: ada; shown by a read on node-2 at 3.00 s',
      'phantom: eve; shown by a read on node-1 at 0.50 s',
    ]),
  )
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['L', 'P', 'lost', 'phantom']))
  expect(textsOf(draw({ entries }))).not.toContain('L')
})

test('a fault is listed whole, and its band goes on until the heal is in force', () => {
  const svg = draw({ entries: [add('ada', 0, 5_000)], faults })
  expect(textsOf(svg)).toContain('1  0.25 s to 2.50 s, 2250 ms: partition [node-3] [node-1,node-2]')
  const perSecond = (1_200 - 110 - 20) / 5
  const bands = parse(svg).querySelectorAll('rect[opacity="0.09"]')
  expect(bands.map((band) => Number(band.getAttribute('width')))).toEqual([
    expect.closeTo(2.25 * perSecond, 0),
    expect.closeTo(1.7 * perSecond, 0),
  ])
  expect(textsOf(draw({ faults: faults.slice(0, 1) })).at(-1)).toContain('not healed')
})

test('nodes stand in the order of people, those without operations too', () => {
  const entries = [add('a', 0, 1, 'ok', 'node-10'), add('b', 0, 1, 'ok', 'node-2')]
  const names = textsOf(draw({ entries, nodes: ['node-11', 'node-2', 'node-1'] })).filter((text) =>
    text.startsWith('node'),
  )
  expect(names).toEqual(['node-1', 'node-2', 'node-10', 'node-11'])
})

test('of 200,000 operations and findings it stays small, and every operation is counted', () => {
  const entries = Array.from({ length: 200_000 }, (_, index) =>
    index % 2 === 0 ? add(`e${index}`, index, index + 1, 'ok', `node-${index % 5}`) : read(['eve'], index),
  )
  const svg = draw({ entries, findings: checkSet(entries.slice(0, 2_000)).findings })
  expect(svg.length).toBeLessThan(1_500_000)
  const counts = titlesOf(svg).map((title) => Number(/^(\d+) operations/.exec(title)?.[1] ?? 0))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200_000)
})
