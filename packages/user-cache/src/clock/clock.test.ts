import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { ClockOutOfRangeError } from '../errors.ts'
import { encodeStamp, isStamp, msOf, nodeTag, timeOf } from './stamp.ts'

const drift = 1_000
const tag = nodeTag('elsewhere')

const clockAt = (wall: { ms: number }, nodeId = 'here') =>
  createClock({ nodeId, now: () => wall.ms, maxDriftMs: drift })

const stampAt = (ms: number, counter = 0) => encodeStamp({ ms, counter }, tag)

describe('a stamp', () => {
  const time = fc.record({ ms: fc.nat(2 ** 31), counter: fc.nat(0xffff) })

  test('sorts as text in the order of time', () => {
    const sorted = fc.property(time, time, (a, b) => {
      const order = a.ms - b.ms || a.counter - b.counter
      const [x, y] = [encodeStamp(a, tag), encodeStamp(b, tag)]
      expect(Math.sign(order)).toBe(x === y ? 0 : x < y ? -1 : 1)
    })
    fc.assert(sorted)
  })

  test('has a fixed width and reads back', () => {
    const readsBack = fc.property(time, (at) => {
      const stamp = encodeStamp(at, tag)
      expect(stamp).toHaveLength(34)
      expect(isStamp(stamp)).toBe(true)
      expect(timeOf(stamp)).toEqual(at)
    })
    fc.assert(readsBack)
  })

  test('does not show the id of its node', () => {
    expect(clockAt({ ms: 5 }, 'secret-host').next()).not.toContain('secret-host')
  })
})

describe('the clock', () => {
  test('gives growing stamps even when the wall clock stands still or goes back', () => {
    const growing = fc.property(fc.array(fc.nat(1e6), { minLength: 2 }), (walls) => {
      const wall = { ms: 0 }
      const clock = clockAt(wall)
      const stamps = walls.map((ms) => {
        wall.ms = ms
        return clock.next()
      })
      expect(stamps).toEqual([...new Set(stamps)].sort())
    })
    fc.assert(growing)
  })

  test('exceeds every stamp witnessed within the bound', () => {
    const clock = clockAt({ ms: 10_000 })
    expect(clock.witness(stampAt(10_000 + drift, 7))).toBe('followed')
    expect(timeOf(clock.next())).toEqual({ ms: 10_000 + drift, counter: 8 })
  })

  test('is not dragged by a stamp beyond the bound', () => {
    const clock = clockAt({ ms: 10_000 })
    expect(clock.witness(stampAt(10_001 + drift))).toBe('tooFarAhead')
    expect(msOf(clock.next())).toBe(10_000)
  })

  test('exceeds a stamp beyond the bound when asked to, and then goes on from its own time', () => {
    const clock = clockAt({ ms: 10_000 })
    const future = stampAt(4e12)
    expect(clock.next(future) > future).toBe(true)
    expect(msOf(clock.next())).toBe(10_000)
  })

  test('carries a full counter into the milliseconds', () => {
    const clock = clockAt({ ms: 10_000 })
    clock.witness(stampAt(10_000, 0xffff))
    expect(timeOf(clock.next())).toEqual({ ms: 10_001, counter: 0 })
  })

  test.each([Number.NaN, -1, 2 ** 48, Infinity])('refuses the time %s', (ms) => {
    expect(() => clockAt({ ms }).next()).toThrow(ClockOutOfRangeError)
  })

  test('refuses to exceed the last stamp there is rather than lose the order', () => {
    expect(() => clockAt({ ms: 1 }).next(stampAt(2 ** 48 - 1, 0xffff))).toThrow(ClockOutOfRangeError)
  })

  test('never orders an effect before its cause, whatever the clocks within the bound', () => {
    const step = fc.record({ from: fc.nat(2), to: fc.nat(2), advance: fc.nat(50) })
    const causal = fc.property(
      fc.array(step),
      fc.array(fc.nat(drift), { minLength: 3, maxLength: 3 }),
      (steps, skews) => {
        const walls = skews.map((ms) => ({ ms: 10_000 + ms }))
        const clocks = walls.map((wall, index) => clockAt(wall, `n${index}`))
        for (const { from, to, advance } of steps) {
          for (const wall of walls) wall.ms += advance
          const [sender, receiver] = [clocks[from], clocks[to]]
          const cause = sender?.next()
          if (cause === undefined || receiver === undefined) continue
          receiver.witness(cause)
          expect(receiver.next() > cause).toBe(true)
        }
      },
    )
    fc.assert(causal)
  })
})
