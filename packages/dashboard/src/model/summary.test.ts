import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linksWithin, member, members, pictureOf, silent } from '../testing/pictures.ts'
import { contentGroupsOf } from './contents.ts'
import { summaryOf } from './summary.ts'
import { userWords } from './user-counts.ts'
import type { ClusterView, MemberPicture, Picture } from '../picture.ts'

const [one, two, three] = [member('node-1'), member('node-2'), member('node-3')]

/** With a view and a content of its own. */
const seeing = (name: string, view: ClusterView, digest = 'd1', users = 3): MemberPicture =>
  member(name, { report: { kind: 'answered', digest, view, users } })

const lost = (name: string): MemberPicture => silent(name, 'down')

const seenBy = (
  self: MemberPicture,
  others: readonly MemberPicture[],
  links: Picture['links'] = [],
): Picture => pictureOf([self, ...others], { observer: { kind: 'member', id: self.id }, links })

describe('whole', () => {
  test('all linked, all the same: all is well', () => {
    expect(summaryOf(pictureOf([one, two, three]))).toEqual({
      severity: 'well',
      headline: '3 members, all of them linked',
      detail: 'All hold the same.',
    })
  })

  test('"all of them linked" is computed from the links', () => {
    const links: [string, string][] = [
      [one.id, two.id],
      [two.id, three.id],
    ]
    expect(summaryOf(pictureOf([one, two, three], { links }))).toMatchObject({
      severity: 'well',
      headline: '3 members that reach each other, 2 of 3 pairs directly',
    })
  })

  test('linked, but not the same: it is said, with who holds what', () => {
    const summary = summaryOf(pictureOf([one, two, member('node-3', { digest: 'd2' })]))
    expect(summary).toMatchObject({ severity: 'changing', headline: 'Not all hold the same yet' })
    expect(summary.detail).toMatch(/^2 different contents: [A-Z]+ on 2, [A-Z]+ on 1\.$/)
  })

  test('one alone is told what to do next', () => {
    expect(summaryOf(pictureOf([one]))).toMatchObject({ severity: 'well', headline: 'One member, by itself' })
  })
})

describe('one that hangs', () => {
  const hung = pictureOf([one, two, silent('node-3')], { links: linksWithin([one, two]) })

  test('is no split: it does not answer, and that is all that is said', () => {
    expect(summaryOf(hung)).toEqual({
      severity: 'trouble',
      headline: 'node-3 does not answer',
      detail: 'The 2 that answer hold the same. What node-3 holds is not known.',
    })
  })

  test('may be the link between two that answer: they are no split either', () => {
    const links: [string, string][] = [
      [one.id, 'id of node-3'],
      ['id of node-3', two.id],
    ]
    const between = pictureOf([seeing('node-1', 'majority'), two, silent('node-3')], { links })
    expect(summaryOf(between).headline).toBe('node-3 does not answer')
  })
})

describe('all crashed', () => {
  test('no member runs: nothing is said of most, nor of what they hold', () => {
    const summary = summaryOf(pictureOf([lost('node-1'), lost('node-2'), lost('node-3')], { links: [] }))
    expect(summary).toEqual({
      severity: 'split',
      headline: 'No member runs',
      detail: 'node-1, node-2, node-3 are down.',
    })
  })

  test('of those that hang it is not said that they do not run', () => {
    const summary = summaryOf(pictureOf([lost('node-1'), silent('node-2')], { links: [] }))
    expect(summary).toMatchObject({
      headline: 'No member answers',
      detail: 'node-1 is down; node-2 does not answer.',
    })
  })

  test('one of three, seen from outside, is down', () => {
    expect(summaryOf(pictureOf([one, two, lost('node-3')]))).toMatchObject({
      severity: 'trouble',
      headline: 'node-3 is down',
      detail: 'All hold the same.',
    })
  })
})

describe('a split', () => {
  const sides = [
    [seeing('node-1', 'minority')],
    [seeing('node-2', 'majority'), seeing('node-3', 'majority')],
  ] as const

  test('seen from outside names its sides, and says whether they hold the same so far', () => {
    const picture = pictureOf(sides.flat(), { links: linksWithin(...sides) })
    expect(summaryOf(picture)).toMatchObject({
      severity: 'split',
      headline: 'Split in 2: node-2, node-3 | node-1',
      detail: expect.stringContaining('the same so far'),
    })
    const apart = [[seeing('node-1', 'minority', 'd2')], sides[1]] as const
    expect(summaryOf(pictureOf(apart.flat(), { links: linksWithin(...apart) })).detail).toMatch(
      /^The sides hold different data: [A-Z]+ \| [A-Z]+\./,
    )
  })

  test('counts users on each side: one on each is not one', () => {
    const apart = [
      [seeing('node-1', 'minority', 'd2', 1)],
      [seeing('node-2', 'majority', 'd1', 1), seeing('node-3', 'majority', 'd1', 1)],
    ] as const
    expect(userWords(pictureOf(apart.flat(), { links: linksWithin(...apart) }))).toEqual([
      '1 on node-2, node-3',
      '1 on node-1',
    ])
  })

  test('is not claimed while nobody misses anybody: so it is at a start', () => {
    const start = pictureOf([one, two], { links: [] })
    expect(summaryOf(start)).toMatchObject({
      severity: 'changing',
      headline: 'No link between node-1 | node-2',
    })
  })

  test.each([
    [6, 6, /exactly half; the other half/, 'split'],
    [5, 7, /This side has 5 of 12, less than half/, 'split'],
    [7, 5, /This side has 7 of 12\. /, 'trouble'],
  ] as const)(
    'of %i against %i is told by counts, which both sides can both say',
    (here, there, words, severity) => {
      const all = members(here + there)
      const near = all.slice(0, here).map(({ name }) => seeing(name, here > there ? 'majority' : 'minority'))
      const [self, ...rest] = near
      if (self === undefined) throw new Error('nobody')
      const far = all.slice(here).map(({ name }) => lost(name))
      const summary = summaryOf(seenBy(self, [...rest, ...far], linksWithin(near)))
      expect(summary.headline).toBe(`${there} of 12 members cannot be reached from here`)
      expect(summary.detail).toMatch(words)
      expect(summary.detail).not.toMatch(/most/i)
      expect(summary.severity).toBe(severity)
    },
  )

  test('from inside a crash and a cut look the same, and it says so', () => {
    const self = seeing('node-1', 'majority')
    const summary = summaryOf(seenBy(self, [two, lost('node-3')], linksWithin([self, two])))
    expect(summary.headline).toBe('node-3 cannot be reached from here')
    expect(summary.detail).toContain('Crashed, hung or cut off: from here these look the same.')
  })
})

describe('letters and colours', () => {
  const shownOf = (all: readonly MemberPicture[]) =>
    new Map(contentGroupsOf(all).map(({ digest, label, hue }) => [digest, `${label} ${hue}`]))

  test('are those of the digest: each side of a split, and who sees both, call the same data the same', () => {
    const [left, right] = [members(3), members(5).map(({ name }) => member(name, { digest: 'd2' }))]
    const both = shownOf([...left, ...right])
    expect([...shownOf(left), ...shownOf(right)]).toEqual(expect.arrayContaining([...both]))
    expect(both.get('d1')).not.toBe(both.get('d2'))
  })

  test('of different contents that are shown together always differ', () => {
    const digests = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 60 })
    fc.assert(
      fc.property(digests, (all) => {
        const labels = contentGroupsOf(all.map((digest, index) => member(`${index}`, { digest }))).map(
          ({ label }) => label,
        )
        expect(new Set(labels).size).toBe(all.length)
      }),
    )
  })
})

/** Any picture, however contradictory: a source may be wrong, the sentence may not go beyond it. */
const anyMember = fc.record({
  state: fc.constantFrom('alive', 'suspect', 'down', 'left'),
  answer: fc.option(
    fc.record({
      digest: fc.constantFrom('d1', 'd2', 'd3'),
      view: fc.constantFrom('whole', 'majority', 'minority'),
      users: fc.nat(9),
    }),
  ),
})
const anyPicture = fc
  .tuple(
    fc.array(anyMember, { minLength: 1, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(7), fc.nat(7))),
    fc.boolean(),
  )
  .map(([all, pairs, isInside]): Picture => {
    const shown = all.map(({ state, answer }, index) =>
      member(`node-${index}`, {
        state,
        report: answer === null ? { kind: 'silent' } : { kind: 'answered', ...answer },
      }),
    )
    const links = pairs.map(([a, b]): [string, string] => [`id of node-${a}`, `id of node-${b}`])
    const [self] = shown
    const observer =
      isInside && self !== undefined
        ? ({ kind: 'member', id: self.id } as const)
        : ({ kind: 'outside' } as const)
    return pictureOf(shown, { links, observer })
  })

const present = ({ state }: MemberPicture): boolean => state === 'alive' || state === 'suspect'

test('"all hold the same" is said only when each that runs has said so', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      if (!summaryOf(picture).detail.includes('All hold the same')) return
      const digests = picture.members
        .filter(present)
        .map(({ report }) => report.kind === 'answered' && report.digest)
      expect(new Set(digests).size).toBe(1)
      expect(digests).not.toContain(false)
    }),
  )
})

test('"all of them linked" is said only when each pair that runs is', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      if (!summaryOf(picture).headline.includes('all of them linked')) return
      const running = picture.members.filter(present)
      for (const [index, a] of running.entries()) {
        for (const b of running.slice(index + 1)) {
          expect(picture.links.some((link) => link.includes(a.id) && link.includes(b.id))).toBe(true)
        }
      }
    }),
  )
})

test('a split is red only when members of two sides answered, and one of them misses another', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const { severity, headline } = summaryOf(picture)
      if (!headline.startsWith('Split')) return
      const answers = picture.members
        .filter(present)
        .flatMap(({ report }) => (report.kind === 'answered' ? [report] : []))
      expect(severity).toBe('split')
      expect(answers.length).toBeGreaterThan(1)
      expect(answers.some(({ view }) => view !== 'whole')).toBe(true)
    }),
  )
})

test('well is only what nothing bad is known of', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      if (summaryOf(picture).severity !== 'well') return
      expect(picture.members.some(({ state }) => state === 'down')).toBe(false)
      expect(picture.members.filter(present).every(({ report }) => report.kind === 'answered')).toBe(true)
    }),
  )
})
