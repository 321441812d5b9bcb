import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { encodeStamp, isStamp, latestMs, msOf, nodeTag, timeOf } from './stamp.ts'

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

  test('carries a full counter into the milliseconds', () => {
    const clock = clockAt({ ms: 10_000 })
    clock.witness(stampAt(10_000, 0xffff))
    expect(timeOf(clock.next())).toEqual({ ms: 10_001, counter: 0 })
  })

  test.each([Number.NaN, -1, Infinity, -Infinity, 2 ** 48, latestMs, latestMs + 1, 0])(
    'gives stamps that everybody reads by a wall clock at %s, and never throws',
    (ms) => {
      const clock = clockAt({ ms })
      for (let count = 0; count < 3; count += 1) expect(isStamp(clock.next())).toBe(true)
      expect(clock.witness(stampAt(latestMs, 0xffff))).toMatch(/followed|tooFarAhead/)
      for (let count = 0; count < 3; count += 1) expect(isStamp(clock.next())).toBe(true)
    },
  )

  test('reads no stamp that no clock writes', () => {
    expect(isStamp('ffffffffffff-ffff-9f86d081884c7d65')).toBe(false)
    expect(isStamp(`${(2 ** 42).toString(16).padStart(12, '0')}-0000-9f86d081884c7d65`)).toBe(false)
    expect(isStamp(stampAt(latestMs, 0xffff))).toBe(true)
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
