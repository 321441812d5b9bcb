import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTimings } from '../../config.ts'
import { overlayOf } from './overlay.ts'
import { learn } from './roster.ts'
import { initialState, type Overlay, type Turn } from '../state/state.ts'
import type { Member, MemberState } from '../state/member.ts'

const member = (id: string, state: MemberState = 'alive'): Member => ({
  id,
  name: id,
  incarnation: 1,
  addresses: [],
  metadata: {},
  state,
})

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`)

const overlayFor = (self: string, all: readonly Member[]): Overlay => {
  const state = initialState(member(self), defaultTimings, () => 0, 0)
  const turn: Turn = { state, now: 0, effects: [] }
  for (const other of all) if (other.id !== self) learn(turn, other)
  return overlayOf(turn)
}

test('up to 32 members everybody wants and watches everybody', () => {
  const all = ids(32).map((id) => member(id))
  const { wanted, watched } = overlayFor('n0', all)
  expect([wanted.size, watched.size]).toEqual([31, 31])
})

test.each([33, 50, 200, 1_000])('of %i members each wants a bounded number, and watches twelve', (count) => {
  const { wanted, watched } = overlayFor(
    'n0',
    ids(count).map((id) => member(id)),
  )
  expect(watched.size).toBe(12)
  expect(wanted.size).toBeLessThanOrEqual(26)
})

test('a wants b as b wants a', () => {
  assert(
    property(integer({ min: 33, max: 80 }), integer({ min: 1, max: 79 }), (count, other) => {
      const all = ids(count).map((id) => member(id))
      const b = `n${other % count}`
      expect(overlayFor('n0', all).wanted.has(b)).toBe(overlayFor(b, all).wanted.has('n0'))
    }),
    { numRuns: 30 },
  )
})

test('news cross two hundred members in a few hops', () => {
  const all = ids(200).map((id) => member(id))
  let reached = new Set(['n0'])
  let hops = 0
  for (; reached.size < 200; hops += 1) {
    reached = new Set([...reached].flatMap((id) => [id, ...overlayFor(id, all).wanted]))
  }
  expect(hops).toBeLessThanOrEqual(4)
})

test('members that are down keep their place in the ring, so that both sides of a cut dial across it', () => {
  const all = ids(100).map((id, index) => member(id, index % 2 === 0 ? 'alive' : 'down'))
  const { wanted, watched } = overlayFor('n0', all)
  const absent = all.filter(({ id, state }) => state === 'down' && wanted.has(id))
  expect(absent.length).toBeGreaterThan(5)
  expect(absent.some(({ id }) => watched.has(id))).toBe(false)
})
