import { checkShortest, type ShortestOptions } from './config.ts'

export interface ShortestStory<Event> {
  readonly events: readonly Event[]
  readonly runs: number
  /** None of the events can be left out: without any one of them it does not fail. */
  readonly isShortest: boolean
}

/**
 * Leaves out of a failing run what its failure does not need: delta debugging (Zeller and Hildebrandt, "Simplifying and
 * isolating failure-inducing input", 2002). Parts are left out, smaller ones each time, for as long as it still fails.
 *
 * @param events - what was done, in order; a run of all of it fails
 * @param fails - runs these events anew, from the same seed; of the failure in question alone it says yes
 */
export const shortestStory = async <Event>(
  events: readonly Event[],
  fails: (events: readonly Event[]) => boolean | Promise<boolean>,
  options: ShortestOptions = {},
): Promise<ShortestStory<Event>> => {
  checkShortest(options)
  const { mostRuns = 1_000, signal } = options
  let kept = events
  let parts = 2
  let runs = 0
  const isOver = (): boolean => runs >= mostRuns || signal?.aborted === true

  while (kept.length > 0 && !isOver()) {
    const size = Math.ceil(kept.length / parts)
    const shorter = await firstThatFails(without(kept, size), async (candidate) => {
      if (isOver()) return false
      runs += 1
      return await fails(candidate)
    })
    if (shorter !== undefined) {
      kept = shorter
      parts = Math.max(2, parts - 1)
    } else if (size === 1) {
      return { events: kept, runs, isShortest: !isOver() }
    } else {
      parts = Math.min(kept.length, parts * 2)
    }
  }
  return { events: kept, runs, isShortest: kept.length === 0 }
}

/** The events without each part of that size. */
const without = <Event>(events: readonly Event[], size: number): (readonly Event[])[] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, part) => [
    ...events.slice(0, part * size),
    ...events.slice((part + 1) * size),
  ])

const firstThatFails = async <Story>(
  stories: readonly Story[],
  fails: (story: Story) => Promise<boolean>,
): Promise<Story | undefined> => {
  for (const story of stories) if (await fails(story)) return story
  return undefined
}
