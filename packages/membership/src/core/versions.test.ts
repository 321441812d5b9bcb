import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { member } from '../testing/lone-member.ts'
import { inEachSeed } from '../testing/simulated-world.ts'
import { decodeMessage } from './state/messages.ts'
import { commonVersions, type Versions } from './state/versions.ts'

const versions = (changes: Partial<Versions>): Versions => ({
  protocols: [1, 2],
  gates: [1],
  features: [],
  ...changes,
})

test('two members speak the highest that both do, and what both can', () => {
  const own = versions({ protocols: [1, 3], gates: [1, 2, 3], features: ['a', 'b'] })
  const theirs = versions({ protocols: [2, 5], gates: [2, 3, 4], features: ['b', 'c'] })
  expect(commonVersions(own, theirs)).toEqual({ protocol: 3, gate: 3, features: ['b'] })
  expect(commonVersions(theirs, own)).toEqual({ protocol: 3, gate: 3, features: ['b'] })
})

test('who tells no versions is of the first; nothing in common is nothing', () => {
  expect(commonVersions(versions({}), undefined)).toEqual({ protocol: 1, gate: 1, features: [] })
  expect(commonVersions(versions({ protocols: [2, 2] }), undefined)).toBeUndefined()
  expect(commonVersions(versions({ gates: [2] }), versions({ gates: [3] }))).toBeUndefined()
})

const decode = (message: object) => decodeMessage(Buffer.from(JSON.stringify(message)))

test('V3: messages, fields and states of a later version are no error', () => {
  expect(decode({ type: 'teleport', where: 7 })).toEqual({ type: 'unknown', statements: [] })
  const claims = [
    { ...member('a'), mood: 'good' },
    { ...member('b'), state: 'dreaming' },
  ]
  expect(decode({ type: 'gossip', claims, mood: 'good' })).toEqual({
    type: 'gossip',
    statements: [member('a')],
  })
  const speaks = { protocols: [2, 9], gates: [4], features: ['flight'], dialect: 'x' }
  expect(decode({ type: 'gossip', claims: [{ ...member('a'), speaks }] }).statements[0]?.speaks).toEqual({
    protocols: [2, 9],
    gates: [4],
    features: ['flight'],
  })
})

test.each([2 ** 53 - 1, limits.incarnation + 1, -1, 1.5])(
  'an incarnation of %d is refused',
  (incarnation) => {
    expect(() => decode({ type: 'gossip', claims: [member('a', { incarnation })] })).toThrow(/incarnation/)
  },
)

test('who has no version in common is refused on both sides, and said; all others are linked', () => {
  inEachSeed(10, {}, ({ cluster, clock }) => {
    cluster.start('a', [])
    cluster.start('b', ['a'])
    cluster.start('later', ['a', 'b'], { speaks: versions({ protocols: [9, 10] }) })
    clock.advance(10_000)
    const told = (id: string): readonly string[] =>
      [
        ...new Set(
          cluster.find(id)?.notices.map((notice) => `${notice.type} ${'peer' in notice ? notice.peer : ''}`),
        ),
      ].sort()
    expect(told('a')).toEqual(['incompatible later'])
    expect(cluster.find('a')?.state.reachable).toEqual(new Set(['b']))
    expect(cluster.find('later')?.state.reachable.size).toBe(0)
  })
})

test('a clock that is off is told once by each, with its size, and again after it was right', () => {
  inEachSeed(10, { delay: [1, 50] }, ({ cluster, clock }) => {
    cluster.start('a', [])
    cluster.start('b', ['a'], { skew: 600_000 })
    cluster.start('c', ['a', 'b'], { skew: 900 })
    clock.advance(20_000)
    const skews = (id: string): readonly (readonly [string, number])[] =>
      (cluster.find(id)?.notices ?? []).flatMap((notice) =>
        notice.type === 'skewed' ? [[notice.peer, Math.round(notice.skew / 1_000)] as const] : [],
      )
    expect(skews('a')).toEqual([['b', 600]])
    expect(skews('b').toSorted(([one], [other]) => one.localeCompare(other))).toEqual([
      ['a', -600],
      ['c', -599],
    ])
    expect(cluster.find('a')?.skews().get('c')).toBeGreaterThan(800)
  })
})

test('whose clock is set while it runs knows at once how far the others are from it: before anybody is asked anew', () => {
  inEachSeed(10, { delay: [1, 50] }, ({ cluster, clock, random }) => {
    cluster.start('a', [])
    cluster.start('b', ['a'], { skew: 5_000 })
    // Whenever it was measured last.
    clock.advance(5_000 + 3_000 * random())
    for (const set of [86_400_000, -600_000, 0]) {
      cluster.find('a')?.setClock(set)
      expect(Math.abs((cluster.find('a')?.skews().get('b') ?? Number.NaN) - (5_000 - set))).toBeLessThan(50)
    }
  })
})
