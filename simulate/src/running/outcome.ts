import { drawStory } from '../story/draw-story.ts'
import { playStory } from '../story/play-story.ts'
import type { Finding } from '../oracle/findings.ts'

/** What came of one seed: plain, so that it crosses threads. */
export interface Outcome {
  readonly seed: number
  readonly findings: readonly Finding[]
  readonly faults: readonly (readonly [kind: string, count: number])[]
  readonly acts: readonly (readonly [outcome: string, count: number])[]
  readonly virtualMs: number
  readonly digest: string
}

/** Five nodes: a majority stays when two are gone. */
export const fiveNodes: readonly string[] = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']

export const runSeed = async (seed: number): Promise<Outcome> => {
  const played = await playStory(seed, fiveNodes, drawStory(seed, fiveNodes))
  const { findings, virtualMs, digest } = played
  return { seed, findings, faults: [...played.faults], acts: [...played.outcomes], virtualMs, digest }
}
