import { shortestStory, type ShortestStory } from '@grapevine/simulation'
import { drawTimeline } from '@grapevine/history'
import { describeFault, nodesOf, type StoryEvent } from '../story/event.ts'
import { playStory, type Played } from '../story/play-story.ts'
import type { FindingKind } from '../oracle/findings.ts'

/** The shortest story of a seed that still finds something of this kind. */
export const shorten = (
  seed: number,
  nodes: readonly string[],
  story: readonly StoryEvent[],
  { kind, mostRuns }: { readonly kind: FindingKind; readonly mostRuns: number },
): Promise<ShortestStory<StoryEvent>> =>
  shortestStory(
    story,
    async (events) => {
      const { findings } = await playStory(seed, nodes, events)
      return findings.some((finding) => finding.kind === kind)
    },
    { mostRuns },
  )

export const describeEvent = (event: StoryEvent): string =>
  event.kind === 'act'
    ? `${event.at} ms: person ${event.person} on ${event.node}: ${event.act}`
    : `${event.at} to ${event.until} ms: ${describeFault(event.fault)}`

/** A picture of a run: acts on their nodes, and faults on lines of their own beside them. */
export const drawPlayed = (
  { seed, happenings, findings }: Played,
  story: readonly StoryEvent[],
  nodes: readonly string[],
): string => {
  const start = happenings.find(({ outcome }) => outcome === 'fault')
  const offset =
    start === undefined
      ? 0
      : start.from - Math.min(...story.flatMap((event) => (event.kind === 'fault' ? [event.at] : [])))
  const acts = happenings
    .filter(({ outcome }) => outcome !== 'fault')
    .map(({ node, words, from, to, outcome }) => ({
      kind: 'add' as const,
      element: words,
      node,
      from,
      to,
      outcome:
        outcome === 'done'
          ? ('ok' as const)
          : outcome === 'refused'
            ? ('failed' as const)
            : ('unknown' as const),
    }))
  const faults = story.flatMap((event) =>
    event.kind === 'fault'
      ? nodesOf(event.fault).map((node) => ({
          kind: 'add' as const,
          element: describeFault(event.fault),
          node: `${node} faults`,
          from: offset + event.at,
          to: offset + event.until,
          outcome: 'unknown' as const,
        }))
      : [],
  )
  const title = `SEED=${seed}: ${findings.map(({ kind, words }) => `${kind}: ${words}`)[0] ?? 'nothing found'}`
  return drawTimeline({ title, entries: [...acts, ...faults], faults: [], nodes })
}
