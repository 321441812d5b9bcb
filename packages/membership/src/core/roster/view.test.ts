import { expect, test } from 'vitest'
import { viewOf } from './view.ts'
import type { Member, MemberState } from '../state/member.ts'

const member = (state: MemberState): Member => ({
  id: state,
  name: state,
  incarnation: 0,
  addresses: [],
  metadata: {},
  state,
})

test.each([
  [['alive'], 'whole'],
  [['alive', 'suspect'], 'whole'],
  [['alive', 'left', 'left'], 'whole'],
  [['alive', 'alive', 'down'], 'majority'],
  [['alive', 'suspect', 'down'], 'majority'],
  [['alive', 'down'], 'minority'],
  [['alive', 'alive', 'down', 'down'], 'minority'],
  [['alive', 'down', 'left'], 'minority'],
] as const)('%j is %s', (states, view) => {
  expect(viewOf(states.map(member))).toBe(view)
})
