import { expect, test } from 'vitest'
import { linkRules, type LinkFault } from '../../faults/links.ts'
import { firewallOf, ratesOf } from './firewall.ts'

const addressOf = (node: string): string => `10.0.0.${node.charCodeAt(0) - 96}`
const table = (fault: LinkFault): string[] =>
  firewallOf('a', linkRules([fault], ['a', 'b', 'c']), addressOf)
    .split('\n')
    .filter((line) => line.startsWith('-A'))

test('packets are dropped where they arrive, so that the sender is told nothing', () => {
  expect(table({ kind: 'partition', groups: [['a'], ['b', 'c']] })).toEqual([
    '-A INPUT -s 10.0.0.2 -j DROP',
    '-A INPUT -s 10.0.0.3 -j DROP',
  ])
  expect(table({ kind: 'cut-one-way', from: 'a', to: 'b' })).toEqual([])
  expect(table({ kind: 'cut-one-way', from: 'b', to: 'a' })).toEqual(['-A INPUT -s 10.0.0.2 -j DROP'])
})

test('lost packets are a share of them', () => {
  const fault: LinkFault = {
    kind: 'links',
    links: { of: 'pair', a: 'a', b: 'b' },
    effect: { kind: 'lose', share: 0.2 },
  }
  expect(table(fault)).toEqual([
    '-A INPUT -s 10.0.0.2 -m statistic --mode random --probability 0.200000 -j DROP',
  ])
})

test('the slowest of several rates counts', () => {
  const slow = (bitsPerSecond: number): LinkFault => ({
    kind: 'links',
    links: { of: 'all' },
    effect: { kind: 'slow', bitsPerSecond },
  })
  expect(ratesOf('a', linkRules([slow(10_000), slow(9_000)], ['a', 'b']))).toEqual(new Map([['b', 9_000]]))
})
