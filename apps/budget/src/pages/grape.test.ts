import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bunch, grape, type MemberState } from './grape.ts'
import { render } from './html.ts'

const STATES: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']

it('no two states have the same shape', () => {
  const shapes = STATES.map((state) => render(grape(state)).replaceAll(state, ''))
  expect(new Set(shapes).size).toBe(STATES.length)
})

it('a bunch has every grape in its own place inside the drawing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 200 }), (states) => {
      const svg = render(bunch(states))
      const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
      const places = [...svg.matchAll(/<g class="(\w+)" transform="translate\(([\d.]+) ([\d.]+)\)"/g)]
      expect(places.map(([, state]) => state)).toEqual(states)
      expect(new Set(places.map(([, , x, y]) => `${x} ${y}`)).size).toBe(states.length)
      for (const [, , x, y] of places) {
        expect(Number(x)).toBeGreaterThanOrEqual(10)
        expect(Number(x)).toBeLessThanOrEqual(Number(width) - 10)
        expect(Number(y)).toBeLessThanOrEqual(Number(height) - 10)
      }
    }),
  )
})

it.each([
  [1, [1]],
  [2, [2]],
  [5, [3, 2]],
  [6, [3, 2, 1]],
  [12, [5, 4, 3]],
])('a bunch of %i comes to a point', (members, rows) => {
  const svg = render(bunch(Array<MemberState>(members).fill('alive')))
  const heights = [...svg.matchAll(/<g class="alive" transform="translate\([\d.]+ ([\d.]+)\)"/g)].map(
    ([, y]) => y,
  )
  expect([...new Set(heights)].map((y) => heights.filter((other) => other === y).length)).toEqual(rows)
})
