import { expect, test } from 'vitest'
import type { PlayedFault } from '../nemesis/play.ts'
import { checkSet } from './check-set.ts'
import { createRecorder, type SetOperation } from './history.ts'
import { reportSet } from './report.ts'
import { drawTimeline } from './timeline.ts'

async function badHistory(): Promise<{
  history: ReturnType<typeof createRecorder<SetOperation>>['entries']
  faults: PlayedFault[]
}> {
  let time = 0
  const recorder = createRecorder<SetOperation>({ now: () => (time += 500), sleep: async () => undefined })
  const add: SetOperation = { kind: 'add', element: 'ada & <co>' }
  await recorder.record('node-1', async () => ({ operation: add, outcome: 'ok' }), add)
  const none: SetOperation = { kind: 'read', elements: [] }
  await recorder.record('node-2', async () => ({ operation: none, outcome: 'ok' }), none)
  await recorder.record('node-2', async () => await Promise.reject(new Error('reset')), none)
  const action = { kind: 'partition', groups: [['node-1'], ['node-2']] } as const
  return { history: recorder.entries, faults: [{ action, from: 250, inForce: 260 }] }
}

test('the report says what was lost, where it was acknowledged, during what, and where it is missing', async () => {
  const { history, faults } = await badHistory()
  expect(reportSet(checkSet(history), history, faults)).toBe(
    [
      'bad: 1 of 1 adds acknowledged; stable after p50 0 ms, p90 0 ms, p99 0 ms, max 0 ms (of 0)',
      'lost: 1',
      '  ada & <co>: ok on node-1 at 0.75 s, during partition [node-1] [node-2]; missing on node-2 at the end',
    ].join('\n'),
  )
})

test('what throws is recorded as unknown, with its problem', async () => {
  const { history } = await badHistory()
  expect(history.at(-1)).toMatchObject({ outcome: 'unknown', problem: 'Error: reset', node: 'node-2' })
})

test('the timeline is one SVG with a line for each node, a band for each fault, and all marks inside', async () => {
  const { history, faults } = await badHistory()
  const svg = drawTimeline({ title: 'a <bad> run', entries: history, faults })
  expect(svg).toMatch(/^<svg [^>]+>[^]*<\/svg>$/)
  expect(svg).toContain('a &lt;bad&gt; run')
  expect(svg).toContain('partition [node-1] [node-2]')
  expect(svg.match(/opacity="0.75"/g)).toHaveLength(history.length)
  expect(svg).not.toMatch(/NaN|Infinity/)
  expect(drawTimeline({ title: 'empty', entries: [], faults: [] })).not.toMatch(/NaN|Infinity/)
})
