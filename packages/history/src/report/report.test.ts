import { expect, test } from 'vitest'
import type { PlayedFault } from '../nemesis/played-fault.ts'
import { checkRegisters } from '../judge/check-register.ts'
import { checkSet } from '../judge/check-set.ts'
import type { Entry, Outcome, RegisterOperation, SetOperation } from '../history.ts'
import { reportRegisters, reportSet } from './report.ts'

const add = (element: string, from: number, to: number, outcome: Outcome = 'ok'): Entry<SetOperation> => ({
  kind: 'add',
  element,
  node: 'node-1',
  from,
  to,
  outcome,
})
const read = (node: string, elements: string[], from: number): Entry<SetOperation> => ({
  kind: 'read',
  elements,
  node,
  from,
  to: from + 50,
  outcome: 'ok',
})
const faults: PlayedFault[] = [
  { action: { kind: 'partition', groups: [['node-1'], ['node-2']] }, from: 250, inForce: 260 },
  { action: { kind: 'heal' }, from: 2_000, inForce: 2_500 },
]

test('the report says what was lost, where it was acknowledged, during what, and where and when it is missing', () => {
  const history = [
    add('ada & <co>', 500, 1_000),
    read('node-1', ['ada & <co>'], 3_000),
    read('node-2', [], 3_100),
  ]
  expect(reportSet(checkSet(history), history, faults, { seed: 7 })).toBe(
    [
      'bad: seed 7; 1 of 1 adds acknowledged; none stable',
      'lost: 1',
      '  ada & <co>: ok on node-1 at 0.75 s, during partition [node-1] [node-2]; missing at the end on node-2 at 2.85 s',
    ].join('\n'),
  )
})

test('of what is stale it says where it was missed last, and for how long', () => {
  const history = [
    add('ada', 500, 2_200),
    read('node-10', [], 2_600),
    ...['node-1', 'node-10'].map((node) => read(node, ['ada'], 3_000)),
  ]
  expect(reportSet(checkSet(history), history, faults)).toBe(
    [
      'good: 1 of 1 adds acknowledged; stable after p50 400 ms, p90 400 ms, p99 400 ms, max 400 ms (of 1)',
      'stale: 1',
      '  ada: ok on node-1 at 1.95 s, during the heal of partition [node-1] [node-2]; last missed on node-10 at 2.35 s, 400 ms after it was known',
    ].join('\n'),
  )
})

test('of what is not known to be good it says what was not read', () => {
  const history = [add('ada', 500, 1_000), add('bob', 4_000, 5_000), read('node-2', ['ada'], 3_000)]
  expect(reportSet(checkSet(history), history)).toBe(
    [
      'unknown: 2 of 2 adds acknowledged; stable after p50 0 ms, p90 0 ms, p99 0 ms, max 0 ms (of 1)',
      'nothing is known to be wrong, and not enough was read to call it good',
      'no final read, begun when all writes had ended, of: node-1, node-2',
      'never read: 1',
      '  bob: ok on node-1 at 4.50 s, during no fault; no read began later',
    ].join('\n'),
  )
})

test('phantom, doubled and recovered elements are told with the reads that had them, on one line each', () => {
  const history = [
    add('ada', 0, 1, 'unknown'),
    read('node-1', ['ada', 'ada', 'no\nbody'], 2),
    read('node-1', ['ada'], 100),
  ]
  expect(reportSet(checkSet(history), history)).toBe(
    [
      'bad: 0 of 1 adds acknowledged; stable after p50 0 ms, p90 0 ms, p99 0 ms, max 0 ms (of 1)',
      'phantom: 1',
      '  no\uFFFDbody: seen on node-1 at 0.00 s; nobody had begun to write it, or the answer was that it had failed',
      'doubled: 1',
      '  ada: more than once on node-1 at 0.00 s',
      'there without an acknowledgement: 1 (ada)',
    ].join('\n'),
  )
})

test('the report of registers says what each node ends with, and which write is gone', () => {
  const at = (node: string, from: number, to: number): Omit<Entry<{ kind: 'read' }>, 'kind'> => ({
    node,
    from,
    to,
    outcome: 'ok',
  })
  const history: Entry<RegisterOperation>[] = [
    { kind: 'write', key: 'k', value: '1', ...at('node-1', 0, 100) },
    { kind: 'write', key: 'k', value: '2', ...at('node-2', 300, 400) },
    { kind: 'read', key: 'k', value: '1', ...at('node-1', 3_000, 3_001) },
    { kind: 'read', key: 'k', value: '2', ...at('node-2', 3_000, 3_001) },
  ]
  expect(reportRegisters(checkRegisters(history), history, faults, { seed: 7 })).toBe(
    [
      'bad: seed 7; 2 of 2 writes acknowledged',
      'lost: 1',
      '  k=2: ok on node-2 at 0.40 s, during partition [node-1] [node-2]; missing at the end on node-1 at 3.00 s',
      'divided: 1',
      "  k: at the end '1' on node-1 at 3.00 s, '2' on node-2 at 3.00 s",
      'stale: 1',
      '  k=1: read on node-1 at 3.00 s; up to 2600 ms after it had been overwritten',
    ].join('\n'),
  )
})

test('a history of 200,000 entries is reported', () => {
  const reads = Array.from({ length: 200_000 }, (_, index) => read('node-1', ['ada'], index + 2))
  const history = [add('ada', 0, 1), ...reads]
  expect(reportSet(checkSet(history), history)).toMatch(/^good: /)
})
