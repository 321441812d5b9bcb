import { expect, test } from 'vitest'
import { ownerTimes, selfTimes, type CpuProfile, type ProfileNode } from './cpu-profile.ts'

const node = (
  id: number,
  functionName: string,
  url: string,
  ...children: readonly number[]
): ProfileNode => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
  children,
})

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)', '', 2, 5, 6),
    node(2, 'check', 'file:///a/packages/replica/dist/digest.js', 3),
    node(3, 'hash', 'node:internal/crypto/hash', 4),
    node(4, 'digest', ''),
    node(5, 'parse', 'file:///a/node_modules/.pnpm/yjs@13/node_modules/yjs/dist/yjs.mjs'),
    node(6, '(idle)', ''),
  ],
  samples: [2, 4, 5, 6],
  timeDeltas: [100, 300, 100, 9_000],
}

test('self time is shared among functions; idling is nobody’s', () => {
  expect(selfTimes(profile)[0]).toEqual({ where: 'digest', share: 0.6 })
  expect(selfTimes(profile)).toContainEqual({
    where: 'check  packages/replica/dist/digest.js:10',
    share: 0.2,
  })
})

test('what Node.js did counts for the code that called it', () => {
  expect(ownerTimes(profile)).toEqual([
    { where: 'packages/replica/dist/digest.js', share: 0.8 },
    { where: 'yjs', share: 0.2 },
  ])
})
