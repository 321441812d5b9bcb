import { expect, test, vi } from 'vitest'
import { inEachSeed, rightWithin } from '../testing/simulated-world.ts'
import { split, timesToDown, wrongedNeighbours } from '../testing/splits.ts'

// `pnpm verify seeds` runs ten times as many (SEEDS=10); one with SEED=42.
vi.setConfig({ testTimeout: 600_000 })

test.each([
  [1, 1],
  [1, 2],
  [3, 2],
  [1, 4],
  [8, 8],
  [1, 15],
  [16, 16],
  [1, 31],
  [30, 2],
])('of %i and %i that are cut apart, each holds the other side to be down within 4 s', (first, second) => {
  inEachSeed(first + second > 16 ? 1 : 5, {}, (world) => {
    const cut = split(world, first, second)
    world.clock.advance(5_000)
    expect(Math.max(...timesToDown(world, cut))).toBeLessThan(4_000)
    expect(wrongedNeighbours(world, cut)).toEqual([])
  })
})

test.each([
  [1, 2, 5],
  [3, 2, 5],
  [16, 16, 1],
])(
  'F23: when %i and %i that were apart for 12 s meet again, nobody calls one suspect or down who was never apart from it',
  (first, second, seeds) => {
    inEachSeed(seeds, {}, (world) => {
      const cut = split(world, first, second)
      world.clock.advance(12_000)
      cut.heal()
      rightWithin(world, 10_000)
      world.clock.advance(5_000)
      expect(wrongedNeighbours(world, cut)).toEqual([])
    })
  },
)
