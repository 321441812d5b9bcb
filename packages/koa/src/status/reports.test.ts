import { describe, expect, test } from 'vitest'
import { decodeReport, encodeReport, type MemberReport } from './report.ts'
import { memberReports } from './reports.ts'

const report: MemberReport = {
  content: 'ab12',
  view: 'whole',
  users: 3,
  links: ['b'],
  health: { version: '1.2.3', uptime: 5, disk: 'keeping', unread: { unknownKind: 2 } },
}
const self = { id: 'a', name: 'node-1', incarnation: 1, addresses: [], metadata: {}, state: 'alive' } as const

const asked = async (answers: Readonly<Record<string, () => Promise<Uint8Array>>>) => {
  let time = 0
  const questions: string[] = []
  const reports = await memberReports({
    membership: {
      self,
      reachable: () => Object.keys(answers),
      handle: async () => () => undefined,
      request: async (member) => {
        questions.push(member)
        return answers[member]?.() ?? Promise.reject(new Error('nobody'))
      },
    },
    own: () => report,
    clock: { now: () => time, after: () => () => undefined },
  })
  return { reports, questions, pass: (ms: number): void => void (time += ms) }
}

describe('reports of the members', () => {
  test('are those that answered; the others are missing, and stop nobody', async () => {
    const { reports } = await asked({
      b: async () => encodeReport({ ...report, users: 4 }),
      c: async () => Promise.reject(new Error('unreachable')),
      d: async () => Buffer.from('{"content":1}'),
    })
    const answers = await reports.read()
    expect([...answers.keys()]).toEqual(['a', 'b'])
    expect(answers.get('b')?.users).toBe(4)
  })

  test('are asked for once, however many look, until they are old', async () => {
    const { reports, questions, pass } = await asked({ b: async () => encodeReport(report) })
    await Promise.all([reports.read(), reports.read()])
    expect(questions).toEqual(['b'])
    pass(1_000)
    await reports.read()
    expect(questions).toEqual(['b', 'b'])
  })
})

test.each([
  'not JSON',
  'null',
  '[]',
  '{}',
  JSON.stringify({ ...report, view: 'some' }),
  JSON.stringify({ ...report, users: 1.5 }),
  JSON.stringify({ ...report, links: [1] }),
  JSON.stringify({ ...report, content: '<script>' }),
  JSON.stringify({ ...report, links: Array.from({ length: 2_000 }, () => 'x') }),
  'x'.repeat(200_000),
])('%.40s is no report', (text) => {
  expect(decodeReport(Buffer.from(text))).toBeUndefined()
})

test('a report arrives as it was sent', () => {
  expect(decodeReport(encodeReport(report))).toEqual(report)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', []],
  ['absurd numbers', { uptime: -1, lag: 'x', logins: 1e300, writes: null, loopDelay: {} }],
  [
    'words of any length',
    { version: 'x'.repeat(1_000), disk: '<script>', unread: { ['y'.repeat(100)]: 1, z: -1 } },
  ],
])('a member that says %s of its health is shown without', (_name, health) => {
  const bytes = Buffer.from(JSON.stringify({ ...report, health }))
  const { unread = {}, ...rest } = decodeReport(bytes)?.health ?? { version: 'not decoded' }
  expect({ unread, ...rest }).toEqual({ unread: {} })
})
