import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scheduleFaults, type FaultAction } from '@grapevine/history'
import { InvalidOptionError } from '@grapevine/std'
import { checkGroups, checkPair, linkRules, type LinkFault } from './links.ts'

const nodeNames = ['a', 'b', 'c', 'd', 'e']

/** A number of a group for each node; undefined for a node that no group names. */
const assignment = fc.tuple(...nodeNames.map(() => fc.option(fc.nat({ max: 3 }), { nil: undefined })))

const groupsOf = (numbers: readonly (number | undefined)[]): string[][] =>
  [0, 1, 2, 3].map((group) => nodeNames.filter((_, index) => numbers[index] === group))

/** The directions that are cut, such as a>b. */
const cuts = (faults: readonly LinkFault[], nodes = nodeNames): string[] =>
  linkRules(faults, nodes)
    .filter(({ effect }) => effect.kind === 'cut')
    .map(({ from, to }) => `${from}>${to}`)

const cut = (a: string, b: string): LinkFault => ({
  kind: 'links',
  links: { of: 'pair', a, b },
  effect: { kind: 'cut' },
})
const isolated = (node: string): LinkFault => ({
  kind: 'links',
  links: { of: 'node', node },
  effect: { kind: 'cut' },
})

describe('linkRules', () => {
  test('a partition cuts exactly the pairs of different groups, unnamed nodes being one more group', () => {
    fc.assert(
      fc.property(assignment, (numbers) => {
        const cut = cuts([{ kind: 'partition', groups: groupsOf(numbers) }])
        for (const [i, a] of nodeNames.entries())
          for (const [j, b] of nodeNames.entries())
            expect(cut.includes(`${a}>${b}`)).toBe(numbers[i] !== numbers[j])
      }),
    )
  })

  test('all but a cut one way cut both ways', () => {
    const node = fc.constantFrom(...nodeNames)
    const fault: fc.Arbitrary<LinkFault> = fc.oneof(
      assignment.map((numbers) => ({ kind: 'partition' as const, groups: groupsOf(numbers) })),
      fc.array(fc.subarray(nodeNames)).map((groups) => ({ kind: 'bridge' as const, groups })),
      fc.constant({ kind: 'ring' as const }),
      node.map(isolated),
      fc.tuple(node, node).map(([a, b]) => cut(a, b)),
    )
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 4 }), (faults) => {
        const seen = cuts(faults)
        expect(new Set(seen).size).toBe(seen.length)
        for (const direction of seen) expect(seen).toContain(direction.split('>').toReversed().join('>'))
      }),
    )
  })

  test('a cut one way is one way', () => {
    expect(cuts([{ kind: 'cut-one-way', from: 'b', to: 'a' }])).toEqual(['b>a'])
  })

  test('two halves that share a node talk with it, and not with each other', () => {
    const bridge: LinkFault = {
      kind: 'bridge',
      groups: [
        ['a', 'b', 'c'],
        ['c', 'd', 'e'],
      ],
    }
    expect(cuts([bridge]).filter((direction) => direction < direction.slice(-1))).toEqual([
      'a>d',
      'a>e',
      'b>d',
      'b>e',
    ])
  })

  test('in a ring each node has two neighbours', () => {
    expect(cuts([{ kind: 'ring' }])).toEqual(
      expect.not.arrayContaining(['a>b', 'b>c', 'c>d', 'd>e', 'e>a', 'a>e']),
    )
    expect(cuts([{ kind: 'ring' }])).toHaveLength(5 * 2)
  })

  test('faults add up, and a direction that is cut has no other rule', () => {
    const slow: LinkFault = { kind: 'links', links: { of: 'all' }, effect: { kind: 'slow', delayMs: 5 } }
    const rules = linkRules([slow, isolated('a')], ['a', 'b', 'c'])
    expect(rules.map(({ from, to, effect }) => `${from}>${to} ${effect.kind}`)).toEqual([
      'a>b cut',
      'a>c cut',
      'b>a cut',
      'b>c slow',
      'c>a cut',
      'c>b slow',
    ])
  })

  test('a node that comes later joins those that no group names', () => {
    expect(cuts([{ kind: 'partition', groups: [['a']] }], ['a', 'b', 'later'])).toEqual([
      'a>b',
      'a>later',
      'b>a',
      'later>a',
    ])
  })
})

test('a node in two groups is refused', () => {
  expect(() => checkGroups([['a', 'b'], ['b']])).toThrow(InvalidOptionError)
  expect(() => checkGroups([['a', 'b'], ['c'], []])).not.toThrow()
})

test('groups that name nobody, and a link from a node to itself, are refused', () => {
  for (const nobody of [[], [[]], [[], []]]) expect(() => checkGroups(nobody)).toThrow(InvalidOptionError)
  expect(() => checkPair('a', 'a')).toThrow('nodes is "a" twice; allowed: two different nodes')
  expect(() => checkPair('a', 'b')).not.toThrow()
})

const parting = ['partition', 'bridge', 'ring'] as const
type Parting = Extract<FaultAction, { readonly kind: (typeof parting)[number] }>
const isParting = (action: FaultAction): action is Parting => parting.some((kind) => kind === action.kind)

test('a partition, a bridge and a ring that a nemesis draws always part some nodes', () => {
  const seeds = fc.nat(2 ** 32 - 1)
  const counts = fc.integer({ min: 4, max: 7 })
  fc.assert(
    fc.property(seeds, counts, fc.constantFrom(...parting), (seed, count, kind) => {
      const nodes = Array.from({ length: count }, (_, index) => `n${index}`)
      const schedule = scheduleFaults({ seed, nodes, kinds: [kind], durationMs: 60_000 })
      const drawn = schedule.map(({ action }) => action).filter(isParting)
      expect(drawn.length).toBeGreaterThan(0)
      expect(drawn.filter((action) => linkRules([action], nodes).length === 0)).toEqual([])
    }),
  )
})
