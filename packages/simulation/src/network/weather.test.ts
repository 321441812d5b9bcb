import { expect, test } from 'vitest'
import { simulate } from '../simulate.ts'
import type { Conditions } from './conditions.ts'

/** What `b` heard of a hundred packets of `a`, one each millisecond, in order of their arrival, and when. */
const heard = (
  conditions: Partial<Conditions>,
  between?: { readonly from: string; readonly to: string },
): { numbers: number[]; times: number[] } =>
  simulate<number, { numbers: number[]; times: number[] }>({ seed: 5 }, ({ clock, network }) => {
    const numbers: number[] = []
    const times: number[] = []
    const a = network.host('a', { received: () => undefined })
    network.host('b', {
      received: (_from, number) => {
        numbers.push(number)
        times.push(clock.now() - number)
      },
    })
    network.conditions({ delay: [0.1, 0.2] })
    network.conditions(conditions, between)
    for (let number = 0; number < 100; number += 1) {
      a.datagram('b', number)
      clock.advance(1)
    }
    clock.advance(1_000)
    return { numbers, times }
  })

const inOrder = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)

test('packets that are held back are overtaken, and none is lost', () => {
  const { numbers } = heard({ reorder: 0.2 })
  expect(numbers).not.toEqual(inOrder(numbers))
  expect(inOrder(numbers)).toEqual(Array.from({ length: 100 }, (_, index) => index))
})

test('packets may arrive twice', () => {
  const { numbers } = heard({ duplicate: 0.3 })
  expect(numbers.length).toBeGreaterThan(110)
  expect(new Set(numbers).size).toBe(100)
})

test('one direction is slow, and only that one', () => {
  const { times } = heard({ delay: [50, 60] }, { from: 'a', to: 'b' })
  expect(Math.min(...times)).toBeGreaterThanOrEqual(50)
  const other = heard({ delay: [50, 60] }, { from: 'b', to: 'a' })
  expect(Math.max(...other.times)).toBeLessThan(1)
})

test('what is said of two hosts stands over what is said of all, until it is calm', () => {
  simulate<string>({ seed: 1, conditions: { loss: 1 } }, ({ clock, network }) => {
    const got: string[] = []
    const a = network.host('a', { received: () => undefined })
    network.host('b', { received: (_from, text) => void got.push(text) })
    network.conditions({ loss: 0 }, { from: 'a', to: 'b' })
    a.datagram('b', 'first')
    clock.advance(10)
    network.calm()
    a.datagram('b', 'second')
    clock.advance(10)
    expect(got).toEqual(['first'])
  })
})

test('a link that flaps is mended by who cut it, and not where somebody else has cut it too', () => {
  simulate<string>({ seed: 1 }, ({ network }) => {
    network.host('a', { received: () => undefined })
    network.host('b', { received: () => undefined })
    network.cut('a', 'b')
    network.cut('a', 'b')
    network.mend('a', 'b')
    expect(network.connected('a', 'b')).toBe(false)
    network.mend('a', 'b')
    expect(network.connected('a', 'b')).toBe(true)
    network.mend('a', 'b')
    network.cut('a', 'b')
    expect(network.connected('a', 'b')).toBe(false)
  })
})
