import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { member, pictureOf } from '../testing/pictures.ts'
import { ringOf } from './ring.ts'

const members = (count: number) => Array.from({ length: count }, (_, index) => member(`node-${index + 1}`))

test('every member has a place of its own within the picture, however many and however split', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.array(fc.nat(), { maxLength: 3 }), (count, cuts) => {
      const all = members(count)
      const side = (index: number): number => cuts.filter((cut) => index < cut % (count + 1)).length
      const { links } = pictureOf(all)
      const kept = links.filter(
        ([a, b]) => side(all.findIndex(({ id }) => id === a)) === side(all.findIndex(({ id }) => id === b)),
      )
      const { places, width, height, radius } = ringOf(pictureOf(all, { links: kept }))
      const points = [...places.values()]
      expect(new Set(points.map(({ x, y }) => `${x} ${y}`)).size).toBe(count)
      for (const { x, y } of points) {
        expect(x - radius).toBeGreaterThan(0)
        expect(x + radius).toBeLessThan(width)
        expect(y - radius).toBeGreaterThan(-20)
        expect(y + radius).toBeLessThan(height)
      }
    }),
  )
})

test('the order stays when the members come in another, node-2 before node-10', () => {
  const all = members(12)
  const places = (picture: ReturnType<typeof pictureOf>) => Object.fromEntries(ringOf(picture).places)
  expect(places(pictureOf(all.toReversed()))).toEqual(places(pictureOf(all)))
  expect([...ringOf(pictureOf(all.toReversed())).places.keys()][1]).toBe('id of node-2')
})

test('the sides of a split drift apart', () => {
  const [one, two, three] = members(3)
  if (one === undefined || two === undefined || three === undefined) throw new Error('too few')
  const whole = ringOf(pictureOf([one, two, three])).places.get(one.id)
  const split = ringOf(pictureOf([one, two, three], { links: [[two.id, three.id]] })).places.get(one.id)
  expect(split?.y).toBeLessThan(whole?.y ?? 0)
})
