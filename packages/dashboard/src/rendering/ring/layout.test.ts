import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { linksWithin, members, pictureOf } from '../../testing/pictures.ts'
import { figureOf } from './figure.ts'
import { layoutOf, type Placed } from './layout.ts'
import type { Picture } from '../../picture.ts'

const placedOf = (picture: Picture): readonly Placed[] => layoutOf(figureOf(picture)).placed

/** A cluster of any size that is cut in up to four, with any of its members in any state. */
const anyPicture = fc
  .record({
    count: fc.integer({ min: 1, max: 100 }),
    cuts: fc.array(fc.nat(99), { maxLength: 3 }),
    states: fc.array(fc.constantFrom('alive', 'suspect', 'down', 'left'), { maxLength: 100 }),
  })
  .map(({ count, cuts, states }) => {
    const all = members(count).map(
      (member, index) => ({ ...member, state: states[index] ?? 'alive' }) as const,
    )
    const sideOf = (index: number): number => cuts.filter((cut) => index < cut % (count + 1)).length
    const sides = [0, 1, 2, 3].map((side) => all.filter((_member, index) => sideOf(index) === side))
    return pictureOf(all, { links: linksWithin(...sides) })
  })

test('every member is drawn once, alone or in a group, whatever its state and however many there are', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const drawn = placedOf(picture).flatMap(({ shape }) =>
        shape.kind === 'member' ? [shape.member.id] : shape.members.map(({ id }) => id),
      )
      expect(drawn.toSorted()).toEqual(picture.members.map(({ id }) => id).toSorted())
    }),
  )
})

test('no shape lies on another, and all are within the picture', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const { placed, top, width, height } = layoutOf(figureOf(picture))
      for (const [index, { at, radius }] of placed.entries()) {
        expect(at.x - radius).toBeGreaterThanOrEqual(0)
        expect(at.x + radius).toBeLessThanOrEqual(width)
        expect(at.y - radius).toBeGreaterThanOrEqual(top)
        expect(at.y + radius).toBeLessThanOrEqual(top + height)
        for (const other of placed.slice(index + 1)) {
          const apart = Math.hypot(at.x - other.at.x, at.y - other.at.y)
          expect(apart, `${index}`).toBeGreaterThanOrEqual(radius + other.radius)
        }
      }
    }),
  )
})

test('a picture has few shapes, of however many members', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      expect(placedOf(picture).length).toBeLessThanOrEqual(24)
    }),
  )
})

test('the order stays when the members come in another, node-2 before node-10', () => {
  const all = members(12)
  expect(placedOf(pictureOf(all.toReversed()))).toEqual(placedOf(pictureOf(all)))
  expect(placedOf(pictureOf(all.toReversed()))[1]?.shape.key).toBe('id of node-2')
})

test('names of a ring stand outside of it', () => {
  for (const count of [3, 5, 8, 12]) {
    for (const { at, label } of placedOf(pictureOf(members(count)))) {
      const fromCentre = ({ x, y }: { readonly x: number; readonly y: number }): number =>
        Math.hypot(x - 210, y - 180)
      expect(fromCentre(label), `${count}`).toBeGreaterThan(fromCentre(at))
    }
  }
})

test('the sides of a split drift apart, each in a row of the ring', () => {
  const all = members(6)
  const odd = all.filter((_member, index) => index % 2 === 0)
  const even = all.filter((_member, index) => index % 2 === 1)
  const placed = placedOf(pictureOf(all, { links: linksWithin(odd, even) }))
  expect(placed.map(({ island }) => island)).toEqual([0, 0, 0, 1, 1, 1])
  const nearest = Math.min(
    ...placed.flatMap((one) =>
      placed
        .filter(({ island }) => island !== one.island)
        .map((other) => Math.hypot(one.at.x - other.at.x, one.at.y - other.at.y)),
    ),
  )
  const [first, second] = placed
  if (first === undefined || second === undefined) throw new Error('too few')
  expect(nearest).toBeGreaterThan(Math.hypot(first.at.x - second.at.x, first.at.y - second.at.y))
})
