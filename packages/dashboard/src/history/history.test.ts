import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { linksWithin, member, members, pictureOf, silent } from '../testing/pictures.ts'
import { createHistory, keptFor, mostEntries, type History } from './history.ts'
import { told } from './words.ts'
import type { MemberPicture, Picture } from '../picture.ts'

const start = 1_700_000_000_000

/** A history that is told of moments, each at so many ms after the start. */
const watched = (): { readonly history: History; readonly see: (ms: number, picture: Picture) => void } => {
  const history = createHistory()
  return { history, see: (ms, picture) => void history.observe({ ...picture, at: start + ms }) }
}

const sentences = (history: History): readonly string[] =>
  history.entries().map((entry) => [told(entry).what, ...told(entry).more].join(' '))

const holding = (
  name: string,
  digest: string,
  users: number,
  view: 'whole' | 'minority' | 'majority' = 'whole',
) => member(name, { report: { kind: 'answered', digest, view, users } })

test('members that are lost together are one incident, with how far apart, how long, and what came of it', () => {
  const { history, see } = watched()
  const self = holding('node-1', 'd', 10)
  const inside = (others: readonly MemberPicture[]): Picture =>
    pictureOf([self, ...others], { observer: { kind: 'member', id: self.id } })
  const all = members(13).slice(1)
  const lost = (count: number): Picture =>
    inside(all.map((each, index) => (index < count ? silent(each.name, 'down') : each)))
  const same = all.map(({ name }) => holding(name, 'd', 10))
  see(0, inside(same))
  see(6_000, lost(4))
  see(6_300, lost(6))
  expect(sentences(history)).toEqual([
    '6 members lost within 0.3 s: node-2, node-3, node-4, node-5, node-6, node-7 It goes on. 0 more users on this side.'.replace(
      '0 more users',
      'no new users',
    ),
  ])
  see(20_000, inside(all))
  see(20_600, inside(same))
  expect(sentences(history)[0]).toContain('Whole again after 14.0 s; all held the same 0.6 s later.')
})

test('a split seen from outside: users of each side, in all once merged, and names that became contested', () => {
  const { history, see } = watched()
  const one = [holding('node-1', 'd', 5)]
  const two = [holding('node-2', 'd', 5), holding('node-3', 'd', 5)]
  see(0, pictureOf([...one, ...two]))
  const cut = (a: number, b: number): Picture => {
    const left = [holding('node-1', 'left', a, 'minority')]
    const right = [holding('node-2', 'right', b, 'majority'), holding('node-3', 'right', b, 'majority')]
    return pictureOf([...left, ...right], { links: linksWithin(left, right) })
  }
  see(3_000, cut(5, 5))
  see(9_000, cut(6, 8))
  const healed = pictureOf(
    [holding('node-1', 'all', 9), holding('node-2', 'all', 9), holding('node-3', 'all', 9)],
    {
      contested: [{ name: 'ada', accounts: [] }],
    },
  )
  see(
    17_000,
    pictureOf([holding('node-1', 'all', 9), holding('node-2', 'right', 8), holding('node-3', 'all', 9)]),
  )
  see(17_600, healed)
  expect(sentences(history)).toEqual([
    'Split in 2: node-2, node-3 | node-1 Whole again after 14.0 s; all held the same 0.6 s later. ' +
      '3 more users on node-2, node-3, 1 more user on node-1; 4 more users in all once merged. 1 contested: ada',
  ])
})

test('what is lost long after another loss is an incident of its own, and each ends by itself', () => {
  const { history, see } = watched()
  const [one, two, three] = [member('node-1'), member('node-2'), member('node-3')]
  see(0, pictureOf([one, two, three]))
  see(1_000, pictureOf([one, two, silent('node-3', 'down')]))
  see(60_000, pictureOf([one, silent('node-2', 'down'), silent('node-3', 'down')]))
  see(61_000, pictureOf([one, two, silent('node-3', 'down')]))
  expect(history.isUnsettled()).toBe(true)
  see(70_000, pictureOf([one, two, three]))
  expect(history.isUnsettled()).toBe(false)
  expect(sentences(history).map((text) => text.split(' Whole')[0])).toEqual([
    'node-2 was lost',
    'node-3 was lost',
  ])
})

test('it is not over before it was measured that all hold the same', () => {
  const { history, see } = watched()
  const [one, two] = [member('node-1'), member('node-2')]
  const inside = (...all: readonly MemberPicture[]): Picture =>
    pictureOf(all, { observer: { kind: 'member', id: one.id } })
  see(0, inside(one, two))
  see(1_000, inside(one, silent('node-2', 'down')))
  see(5_000, inside(one, silent('node-2', 'alive')))
  expect(sentences(history)[0]).toContain('not all hold the same yet')
  see(6_000, inside(one, two))
  expect(sentences(history)[0]).toContain('all held the same 1.0 s later')
})

test('a goodbye is no incident, and those that come together are one line', () => {
  const { history, see } = watched()
  const some = members(5)
  see(0, pictureOf(some.slice(0, 1)))
  see(100, pictureOf(some.slice(0, 3)))
  see(500, pictureOf(some))
  see(60_000, pictureOf(some.with(4, silent('node-5', 'left'))))
  expect(sentences(history)).toEqual([
    'node-5 left',
    '4 members joined within 0.4 s: node-2, node-3, node-4, node-5',
  ])
})

test('the beginning of a split is not pushed out by what follows it', () => {
  const { history, see } = watched()
  const all = members(3)
  see(0, pictureOf(all))
  see(1_000, pictureOf([...all.slice(0, 2), silent('node-3', 'down')]))
  for (let round = 0; round < 50; round += 1) {
    see(
      2_000 + 20 * round,
      pictureOf([...all.slice(0, 2), silent('node-3', 'down'), ...members(4 + (round % 2)).slice(3)]),
    )
  }
  expect(sentences(history).some((text) => text.startsWith('node-3 was lost'))).toBe(true)
})

test('whatever is seen, it stays bounded, is forgotten after a day, and is in order', () => {
  const moment = fc.record({
    after: fc.oneof(fc.nat(3_000), fc.nat(2 * keptFor)),
    states: fc.array(fc.constantFrom('alive', 'suspect', 'down', 'left', 'silent'), {
      minLength: 1,
      maxLength: 6,
    }),
    isCut: fc.boolean(),
    digests: fc.array(fc.constantFrom('d1', 'd2'), { minLength: 6, maxLength: 6 }),
  })
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
      const { history, see } = watched()
      let ms = 0
      for (const { after, states, isCut, digests } of moments) {
        ms += after
        const all = states.map((state, index) =>
          state === 'silent' || state === 'down'
            ? silent(`node-${index}`, state === 'down' ? 'down' : 'suspect')
            : member(`node-${index}`, { state, digest: digests[index] ?? 'd1' }),
        )
        see(ms, pictureOf(all, isCut ? { links: [] } : {}))
        const entries = history.entries()
        expect(entries.length).toBeLessThanOrEqual(mostEntries)
        expect(entries.every(({ from }) => start + ms - from < keptFor)).toBe(true)
        expect(entries.map(({ from }) => from)).toEqual(
          entries.map(({ from }) => from).toSorted((a, b) => b - a),
        )
        for (const entry of entries) expect(told(entry).what).not.toMatch(/undefined|NaN/)
      }
    }),
  )
})

test('a cluster that flaps for a day keeps no more than the bound', () => {
  const { history, see } = watched()
  const all = members(2)
  for (let round = 0; round < 2_000; round += 1) {
    see(round * 30_000, pictureOf(all))
    see(round * 30_000 + 10_000, pictureOf([...all.slice(0, 1), silent('node-2', 'down')]))
  }
  expect(history.entries()).toHaveLength(mostEntries)
})
