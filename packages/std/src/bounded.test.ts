import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedMap, BoundedSet } from './index.ts'

test('a bounded map holds what was set last, and never more than its bound', () => {
  fc.assert(
    fc.property(fc.nat({ max: 6 }), fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat())), (most, sets) => {
      const map = new BoundedMap<number, number>(most)
      for (const [key, value] of sets) expect(map.set(key, value).size).toBeLessThanOrEqual(most)
      const newest = [...new Map(sets.toReversed().map(([key]) => [key, true])).keys()].slice(0, most)
      const last = new Map(sets)
      expect([...map].toReversed()).toEqual(newest.map((key) => [key, last.get(key)]))
    }),
  )
})

test('a bounded set holds what was added last', () => {
  const set = new BoundedSet<string>(2)
  set.add('a').add('b').add('a').add('c')
  expect([...set]).toEqual(['a', 'c'])
  expect(new BoundedSet(0).add('a').size).toBe(0)
})
