import { expect, test } from 'vitest'
import { drawStory } from './draw-story.ts'
import { playStory } from './play-story.ts'
import { fiveNodes } from '../running/outcome.ts'
import { keptSeeds } from '../running/kept-seeds.ts'

const slow = 240_000

test(
  'a story is the same run each time, byte for byte, and keeps every promise',
  async () => {
    const story = drawStory(1, fiveNodes)
    const first = await playStory(1, fiveNodes, story)
    expect(first.findings).toEqual([])
    expect(first.virtualMs).toBeGreaterThan(60_000)
    const second = await playStory(1, fiveNodes, story)
    expect(second.digest).toBe(first.digest)
    expect(second.logged).toEqual(first.logged)
  },
  slow,
)

test.each(keptSeeds)(
  'seed $seed finds nothing any more: $found',
  async ({ seed }) => {
    const { findings } = await playStory(seed, fiveNodes, drawStory(seed, fiveNodes))
    expect(findings).toEqual([])
  },
  slow,
)
