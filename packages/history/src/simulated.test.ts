import { seedsToRun, shortestStory } from '@grapevine/simulation'
import { describe, expect, test } from 'vitest'
import { checkSet } from './judge/check-set.ts'
import { drawStory, playStory, type Acknowledges, type StoryEvent } from './testing/notes-program.ts'
import { drawTimeline } from './timeline/timeline.ts'

const nodes = ['a', 'b', 'c']

/** What was acknowledged and is nowhere: the others are told now and then only, so a note may be missing on some nodes. */
const lostEverywhere = async (
  seed: number,
  story: readonly StoryEvent[],
  acknowledges: Acknowledges,
): Promise<string[]> => {
  const { entries } = await playStory(seed, nodes, story, acknowledges)
  const read = new Set(entries.flatMap((entry) => (entry.kind === 'read' ? entry.elements : [])))
  return entries.flatMap((entry) =>
    entry.kind === 'add' && entry.outcome === 'ok' && !read.has(entry.element) ? entry.element : [],
  )
}

describe('a nemesis on a virtual cluster', () => {
  test('a program that flushes before it acknowledges loses nothing', async () => {
    for (const seed of seedsToRun(20))
      expect(await lostEverywhere(seed, drawStory(seed, nodes), 'after the flush'), `SEED=${seed}`).toEqual(
        [],
      )
  })

  test('the same seed is the same run, and the same history', async () => {
    for (const seed of seedsToRun(5)) {
      const story = drawStory(seed, nodes)
      const first = await playStory(seed, nodes, story, 'after the flush')
      expect(await playStory(seed, nodes, story, 'after the flush'), `SEED=${seed}`).toEqual(first)
    }
  })

  test('one that acknowledges too early is found, and its story becomes one note and one kill, and is drawn', async () => {
    const seeds = Array.from({ length: 20 }, (_, index) => index + 1)
    const fails = async (seed: number, story: readonly StoryEvent[]): Promise<boolean> =>
      (await lostEverywhere(seed, story, 'before the flush')).length > 0
    let seed = 0
    for (const each of seeds) if (seed === 0 && (await fails(each, drawStory(each, nodes)))) seed = each
    expect(seed).toBeGreaterThan(0)

    const { events, isShortest } = await shortestStory(drawStory(seed, nodes), (story) => fails(seed, story))
    expect(isShortest).toBe(true)
    const kinds = events.map((event) => (event.kind === 'fault' ? event.fault.action.kind : event.kind))
    expect(kinds).toEqual(['kill', 'add'])

    const { entries, faults } = await playStory(seed, nodes, events, 'before the flush')
    const { findings, lost } = checkSet(entries)
    expect(lost).toHaveLength(1)
    const drawing = drawTimeline({ title: `SEED=${seed}`, entries, faults, findings, nodes })
    expect(drawing).toContain('kill ')
    expect(drawing).toContain(lost[0])
  })
})
