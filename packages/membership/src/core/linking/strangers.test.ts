import { expect, test } from 'vitest'
import { limits } from '../../limits.ts'
import { alone, member } from '../../testing/lone-member.ts'
import { strangerRate } from './strangers.ts'
import type { Effect } from '../state/effect.ts'

test('announced addresses that lie make no host a victim: a burst, then a trickle', () => {
  const self = alone()
  const victim = '203.0.113.7'
  let dials = 0
  const count = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.type !== 'dial') continue
      dials += 1
      self.input({ type: 'dialled', target: effect.target, outcome: { type: 'failed' } })
    }
  }
  for (let second = 0; second < 60; second += 1) {
    for (let liar = 0; liar < 100; liar += 1) {
      const addresses = [`/ip4/${victim}/tcp/${1_000 + second * 100 + liar}`]
      count(self.input({ type: 'announced', peer: `liar${second}-${liar}`, addresses }))
    }
    count(self.pass(1_000))
  }
  expect(dials).toBeLessThanOrEqual(strangerRate.size + 60_000 / strangerRate.every)
  expect(self.state.targets.size).toBeLessThanOrEqual(limits.strangers)
})

test('a flood of announcements does not delay the dial to a member', () => {
  const self = alone()
  for (let liar = 0; liar < 1_000; liar += 1) {
    self.input({ type: 'announced', peer: `liar${liar}`, addresses: [`/ip4/198.51.100.${liar % 250}/tcp/1`] })
  }
  self.tell(member('x'))
  expect(self.pass(200).flatMap((effect) => (effect.type === 'dial' ? [effect.peer] : []))).toContain('x')
})

test('addresses that the configuration no longer gives are no longer dialled', () => {
  const self = alone()
  const dialled = (effects: readonly Effect[]): string[] =>
    effects.flatMap((effect) => {
      if (effect.type !== 'dial') return []
      self.input({ type: 'dialled', target: effect.target, outcome: { type: 'failed' } })
      return [effect.target]
    })
  dialled(self.input({ type: 'configured', source: 'dns', addresses: ['/ip4/192.0.2.1/tcp/1'] }))
  dialled(self.input({ type: 'configured', source: 'dns', addresses: ['/ip4/192.0.2.2/tcp/1'] }))
  const later = new Set(Array.from({ length: 100 }, () => dialled(self.pass(100))).flat())
  expect([...later]).toEqual(['/ip4/192.0.2.2/tcp/1'])
})

test.each([
  ['a', 2],
  ['t', limits.parallelDials / 2],
])(
  'of twelve strangers that are met at once, their ids "%s…" and the own "self", %i are dialled',
  (first, dials) => {
    const self = alone()
    const effects = Array.from({ length: 12 }, (_, number) => {
      const addresses = [`/ip4/192.0.2.${number}/tcp/1`]
      return self.input({ type: 'announced', peer: `${first}${number}`, addresses })
    }).flat()
    effects.push(...self.pass(5_000))
    expect(effects.filter(({ type }) => type === 'dial')).toHaveLength(dials)
  },
)
