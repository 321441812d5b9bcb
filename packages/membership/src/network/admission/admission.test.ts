import { afterEach, expect, test } from 'vitest'
import { admissionKeys, prove, verifies, type Handshake } from './admission.ts'
import { joining, realMembers, recordingLog, sees, until } from '../../testing/real-members.ts'
import type { Membership } from '../../index.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

const handshake: Handshake = {
  initiator: 'a',
  responder: 'b',
  initiatorNonce: new Uint8Array(32).fill(1),
  responderNonce: new Uint8Array(32).fill(2),
}
const [key = new Uint8Array()] = admissionKeys('test', ['a secret of the tests'])

test.each<[string, Partial<Handshake>]>([
  ['another initiator', { initiator: 'c' }],
  ['another responder', { responder: 'c' }],
  ['an earlier nonce of the initiator', { initiatorNonce: new Uint8Array(32) }],
  ['an earlier nonce of the responder', { responderNonce: new Uint8Array(32) }],
])('a proof is of no use with %s', (_, change) => {
  const proof = prove(key, 'initiator', handshake)
  expect(verifies([key], 'initiator', handshake, [proof])).toBe(true)
  expect(verifies([key], 'initiator', { ...handshake, ...change }, [proof])).toBe(false)
})

test('a proof that is sent back proves nothing', () => {
  expect(verifies([key], 'responder', handshake, [prove(key, 'initiator', handshake)])).toBe(false)
})

test('the same secret of another cluster proves nothing', () => {
  const [other = new Uint8Array()] = admissionKeys('other', ['a secret of the tests'])
  expect(verifies([key], 'initiator', handshake, [prove(other, 'initiator', handshake)])).toBe(false)
})

test('a secret is changed on five members one by one, and nobody is ever refused', async () => {
  const { log, warnings } = recordingLog()
  const phases = [
    ['the secret of last year'],
    ['the secret of last year', 'the secret of this year'],
    ['the secret of this year', 'the secret of last year'],
    ['the secret of this year'],
  ]
  const names = ['a', 'b', 'c', 'd', 'e']
  const members = new Map<string, Membership>()
  for (const secrets of phases) {
    for (const name of names) {
      await members.get(name)?.leave()
      members.delete(name)
      const member = await start(name, { secrets, log, ...joining(...members.values()) })
      members.set(name, member)
      const expected = [...members.keys()]
      await Promise.all([...members.values()].map((each) => sees(each, expected)))
      await until(() =>
        [...members.values()].every((each) => each.reachable().length === expected.length - 1),
      )
    }
  }
  expect(warnings()).toEqual([])
}, 120_000)

test('who is not on the allow-list is refused though it knows the secret; both sides say so once', async () => {
  const atA = recordingLog()
  const atC = recordingLog()
  const b = await start('b')
  const a = await start('a', { allow: [b.self.id], log: atA.log, ...joining(b) })
  await sees(a, ['a', 'b'])
  const c = await start('c', { log: atC.log, ...joining(a) })
  await until(() => atA.warnings().length > 0 && atC.warnings().length > 0)
  expect(atA.warnings()).toEqual([expect.stringContaining('not on the allow-list of this member')])
  expect(atC.warnings()).toEqual([
    expect.stringContaining('refused this member: it is not on the allow-list there'),
  ])
  expect(a.reachable()).toEqual([b.self.id])
  expect(c.members()).toHaveLength(1)
})
