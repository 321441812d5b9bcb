import { expect, test } from 'vitest'
import { readinessOf } from './readiness.ts'
import { aloneMembership } from '../../testing/alone.ts'
import type { Instance } from '../../instance/instance.ts'

const healthy = { ready: true, storage: 'keeping', diverged: [], failed: [], behind: [], cutOff: [] }

const upgradeOf = (older: number) => ({
  ...aloneMembership().upgrade,
  status: () => ({
    finalised: 1,
    highest: 3,
    next: undefined,
    hindrances: Array.from({ length: older }, (_, number) => ({
      id: `${number}`,
      name: 'secret-name',
      reason: 'older' as const,
    })),
  }),
})

const of = (status: object, mayBeReady = true, older = 0): ReturnType<typeof readinessOf> => {
  const users = { status: () => ({ ...healthy, ...status }) }
  const replicas = { users } as unknown as Instance['replicas']
  const instance = {
    replicas,
    mayBeReady: () => mayBeReady,
    hasUsers: () => true,
    database: undefined,
    membership: { upgrade: upgradeOf(older) },
  }
  return readinessOf(instance, { isDraining: () => false })
}

test('what others send takes no instance out of a balancer, and is said', () => {
  const failed = [{ member: 'liar', reason: 'announced 3 facts, and delivered 2' }]
  const behind = [{ member: 'slow', writes: 2, for: 5_000 }]
  expect(of({ failed, behind, cutOff: ['liar'], diverged: ['liar'] })).toEqual({
    status: 'ready',
    reasons: [],
    warnings: [
      'users: a member claims to hold something else, with nothing that is lacking here (1)',
      'users: a member failed the last exchange: what it holds may be lacking here (1)',
      'users: a member did not confirm what was acknowledged here (1)',
      'users: a member is not listened to for a while, for what it sent (1)',
    ],
  })
})

test('who is named stays inside: everybody may read this', () => {
  const failed = [{ member: 'secret-name', reason: 'at 10.0.0.7' }]
  expect(JSON.stringify(of({ failed }))).not.toMatch(/secret-name|10\.0/)
})

test('a disk that takes no writes, or an exchange that is still to come, does', () => {
  expect(of({ storage: 'failing' }).status).toBe('not ready')
  expect(of({ ready: false }).status).toBe('not ready')
})

test('nor is one ready that expects others and reaches none, which it says', () => {
  const { status, reasons } = of({}, false)
  expect([status, reasons]).toEqual(['not ready', [expect.stringContaining('READY_ALONE_AFTER')]])
})

test('two releases at once are a warning, without names', () => {
  expect(of({}, true, 2)).toEqual({
    status: 'ready',
    reasons: [],
    warnings: ['upgrade: members run an older release (2)'],
  })
})
