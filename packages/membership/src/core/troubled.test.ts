import { between, shuffled, wholeBetween } from '@grapevine/simulation'
import { expect, test, vi } from 'vitest'
import { defaultTimings } from '../config.ts'
import { tellLies, wronged } from '../testing/lies.ts'
import { inEachSeed, type World } from '../testing/simulated-world.ts'
import { skewWorthTelling } from './detector/skew.ts'

// `pnpm verify seeds` runs a hundred times as many (SEEDS=100); one with SEED=42.
vi.setConfig({ testTimeout: 1_800_000 })

const years = 365 * 86_400_000

/** One in three clocks is wrong, by seconds or by years. */
const anySkew = (random: () => number): number => {
  if (random() > 1 / 3) return 0
  const size = random() < 0.5 ? between(random, 2_500, 60_000) : between(random, 0, 60 * years)
  return random() < 0.5 ? size : -size
}

const startWithClocks = ({ cluster, random }: World, count: number): ReadonlyMap<string, number> => {
  const skews = new Map<string, number>()
  for (let number = 1; number <= count; number += 1) {
    const id = `n${number}`
    const seeds = shuffled(random, [...skews.keys()]).slice(0, 3)
    const skew = anySkew(random)
    skews.set(id, skew)
    cluster.start(id, seeds, { skew })
  }
  return skews
}

/** Half of the round trip, at the most that is taken for one. */
const precision = 500

/** What was told of clocks, and should not have been, or the other way round; of those that can be asked. */
const wrongWarnings = (
  { cluster }: World,
  liars: readonly string[],
  skews: ReadonlyMap<string, number>,
): readonly string[] =>
  cluster.live().flatMap(({ id, state, notices }) =>
    [...state.reachable].flatMap((other) => {
      if (liars.includes(id) || liars.includes(other)) return []
      const truth = (skews.get(other) ?? 0) - (skews.get(id) ?? 0)
      const told = notices.flatMap((notice) =>
        notice.type === 'skewed' && notice.peer === other ? [notice.skew] : [],
      )
      if (Math.abs(Math.abs(truth) - skewWorthTelling) < precision) return []
      const expected = Math.abs(truth) > skewWorthTelling ? 1 : 0
      const isRight = told.length === expected && told.every((skew) => Math.abs(skew - truth) < precision)
      return isRight ? [] : [`${id} told of ${other} ${told.join()}, truly ${truth}`]
    }),
  )

test('5 to 50 members, some of them liars, clocks seconds or decades apart, cut in halves and healed: the honest hold each other, and each wrong clock was told once', () => {
  inEachSeed(5, {}, (world) => {
    const { cluster, clock, network, random } = world
    const size = wholeBetween(random, 5, 50)
    const skews = startWithClocks(world, size)
    clock.advance(5_000)
    const liars = cluster.pick(wholeBetween(random, 1, Math.min(4, Math.floor(size / 4))))
    const liarIds = liars.map(({ id }) => id)
    const ids = shuffled(
      random,
      cluster.live().map(({ id }) => id),
    )
    const first = wholeBetween(random, 1, size - 1)
    if (random() < 0.5) network.partition(ids.slice(0, first), ids.slice(first))
    for (let told = 0; told < 60; told += 1) {
      for (const liar of liars) tellLies(world, liar)
      clock.advance(100)
    }
    network.heal()
    const victim = cluster.pick(size).find(({ id }) => !liarIds.includes(id))
    victim?.host.crash()
    clock.advance(500)
    if (victim !== undefined)
      cluster.start(victim.id, ids.filter((id) => id !== victim.id).slice(0, 5), {
        skew: skews.get(victim.id) ?? 0,
      })
    clock.advance(size > defaultTimings.fullMesh ? 15_000 : 10_000)
    expect(wronged(world, liarIds, defaultTimings.fullMesh)).toEqual([])
    expect(wrongWarnings(world, liarIds, skews)).toEqual([])
  })
})
