import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OptionError } from './errors.ts'
import { checkGroups, forbiddenLinks, forbiddenPeers, type LinkFault } from './links.ts'

const NODES = ['a', 'b', 'c', 'd', 'e']

/** A number of a group for each node; undefined for a node that no group names. */
const assignment = fc.tuple(...NODES.map(() => fc.option(fc.nat({ max: 3 }), { nil: undefined })))

function groupsOf(numbers: readonly (number | undefined)[]): string[][] {
  return [0, 1, 2, 3].map((group) => NODES.filter((_, index) => numbers[index] === group))
}

describe('forbiddenLinks', () => {
  test('a partition forbids exactly the pairs of different groups, unnamed nodes being one more group', () => {
    fc.assert(
      fc.property(assignment, (numbers) => {
        const links = forbiddenLinks([{ kind: 'partition', groups: groupsOf(numbers) }], NODES)
        for (const [i, a] of NODES.entries())
          for (const [j, b] of NODES.entries())
            expect(forbiddenPeers(links, a).includes(b)).toBe(numbers[i] !== numbers[j])
      }),
    )
  })

  test('who may not talk to me, I may not talk to', () => {
    const node = fc.constantFrom(...NODES)
    const fault: fc.Arbitrary<LinkFault> = fc.oneof(
      assignment.map((numbers) => ({ kind: 'partition' as const, groups: groupsOf(numbers) })),
      node.map((name) => ({ kind: 'isolate' as const, node: name })),
      fc.tuple(node, node).map(([a, b]) => ({ kind: 'cut' as const, a, b })),
    )
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 4 }), (faults) => {
        const links = forbiddenLinks(faults, NODES)
        expect(new Set(links.map(String)).size).toBe(links.length)
        for (const a of NODES) {
          expect(forbiddenPeers(links, a)).not.toContain(a)
          for (const b of forbiddenPeers(links, a)) expect(forbiddenPeers(links, b)).toContain(a)
        }
      }),
    )
  })

  test('faults add up and do not depend on their order', () => {
    const isolated: LinkFault = { kind: 'isolate', node: 'a' }
    const cut: LinkFault = { kind: 'cut', a: 'c', b: 'b' }
    const expected = [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]
    expect(forbiddenLinks([isolated, cut], ['a', 'b', 'c'])).toEqual(expected)
    expect(forbiddenLinks([cut, isolated], ['c', 'b', 'a'])).toEqual(expected)
  })

  test('a node that comes later joins those that no group names', () => {
    const fault: LinkFault = { kind: 'partition', groups: [['a']] }
    expect(forbiddenPeers(forbiddenLinks([fault], ['a', 'b', 'later']), 'later')).toEqual(['a'])
  })

  test('without faults nothing is forbidden', () => {
    expect(forbiddenLinks([], NODES)).toEqual([])
  })
})

test('a node in two groups is refused', () => {
  expect(() => checkGroups([['a', 'b'], ['b']])).toThrow(OptionError)
  expect(() => checkGroups([['a', 'b'], ['c'], []])).not.toThrow()
})
