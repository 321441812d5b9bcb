import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawPlan } from './address-plan.ts'

test('a subnet that the machine uses is not drawn', () => {
  const drawn = [7, 1, 2, 1, 3]
  const plan = drawPlan(() => drawn.shift() ?? 0, ['10.1.2.200', '192.168.0.0/16'])
  expect([plan.gateway, plan.addressOf(0), plan.uplink]).toEqual(['10.1.3.1/24', '10.1.3.10', 'lc00000007'])
})

test('a route to a whole range keeps all of it free', () => {
  expect(() => drawPlan(() => 0, ['10.0.0.0/8'])).toThrow('no free subnet')
})

test('every name fits an interface, and every node has an address of its own', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), (seed) => {
      const plan = drawPlan((end) => seed % end, [])
      const nodes = Array.from({ length: 64 }, (_, index) => index)
      expect(plan.uplink.length).toBeLessThanOrEqual(15)
      expect(new Set([plan.gateway.split('/')[0], ...nodes.map((index) => plan.addressOf(index))]).size).toBe(
        65,
      )
    }),
  )
})
