import { between, derivedRandom, shuffled, wholeBetween, type Random } from '@grapevine/simulation'
import type { Act, ActKind, Fault, FaultEvent, StoryEvent } from './event.ts'

export const people = 8

/** Milliseconds of a story; before it all start, and after it there is quiet. */
export const storyMs = 42_000
const acts = 70
const faults = 9

/** How often people do what, out of all. */
const actShares: readonly (readonly [ActKind, number])[] = [
  ['signUp', 18],
  ['logIn', 26],
  ['visit', 12],
  ['addEntry', 12],
  ['addNote', 5],
  ['changePassword', 8],
  ['logOut', 7],
  ['endSessions', 5],
  ['rename', 4],
  ['erase', 6],
]

/** What may happen to a disk for good happens once in a story: else nobody is left who has what was acknowledged. */
const damages = ['rot', 'replaceDisk', 'cloneDisk', 'lie'] as const
const passing = [
  'partition',
  'partition',
  'cut',
  'cutOneWay',
  'slow',
  'lose',
  'pause',
  'kill',
  'kill',
  'kill',
  'restart',
  'blackout',
  'skewClock',
  'drift',
  'fillDisk',
  'failDisk',
  'unknownKinds',
] as const

/** Who does what, and what goes wrong meanwhile: all of it drawn from the seed before anything runs. */
export const drawStory = (seed: number, nodes: readonly string[]): readonly StoryEvent[] => {
  const random = derivedRandom(seed, 'story')
  const events: StoryEvent[] = [
    ...Array.from({ length: acts }, () => drawAct(random, nodes)),
    ...Array.from({ length: faults }, () => drawFault(random, nodes, passing)),
    ...(random() < 0.6 ? [drawFault(random, nodes, damages)] : []),
  ]
  return events.toSorted((a, b) => a.at - b.at)
}

const drawAct = (random: Random, nodes: readonly string[]): Act => ({
  kind: 'act',
  at: Math.round(between(random, 0, storyMs)),
  person: wholeBetween(random, 0, people - 1),
  node: oneOf(random, nodes),
  act: weighted(random, actShares),
})

const drawFault = (random: Random, nodes: readonly string[], kinds: readonly Fault['kind'][]): FaultEvent => {
  const at = Math.round(between(random, 0, storyMs - 4_000))
  const until = Math.min(storyMs, at + Math.round(between(random, 1_000, 15_000)))
  return { kind: 'fault', at, until, fault: faultOf(random, oneOf(random, kinds), nodes) }
}

const faultOf = (random: Random, kind: Fault['kind'], nodes: readonly string[]): Fault => {
  const [node = '', other = '', ...rest] = shuffled(random, nodes)
  switch (kind) {
    case 'partition':
      return random() < 0.5
        ? { kind, groups: [[node, other], rest] }
        : { kind, groups: [[node], [other, ...rest]] }
    case 'blackout':
      return { kind, nodes }
    case 'cut':
    case 'cutOneWay':
      return { kind, from: node, to: other }
    case 'slow':
      return { kind, from: node, to: other, delayMs: Math.round(between(random, 50, 1_500)) }
    case 'lose':
      return { kind, from: node, to: other, share: between(random, 0.05, 0.5) }
    case 'skewClock':
      return { kind, node, ms: skewOf(random) }
    case 'drift':
      return { kind, node, partsPerMillion: wholeBetween(random, -5_000, 5_000) }
    case 'cloneDisk':
      return { kind, from: other, node }
    default:
      return { kind, node }
  }
}

/** Seconds mostly, but hours and days too, in both directions. */
const skewOf = (random: Random): number => {
  const most = oneOf(random, [5_000, 60_000, 3_600_000, 3 * 86_400_000])
  return Math.round(between(random, -most, most))
}

const oneOf = <T>(random: Random, items: readonly T[]): T => {
  const item = items[wholeBetween(random, 0, items.length - 1)]
  if (item === undefined) throw new RangeError('nothing to choose from')
  return item
}

const weighted = <T>(random: Random, shares: readonly (readonly [T, number])[]): T => {
  const total = shares.reduce((sum, [, share]) => sum + share, 0)
  let left = random() * total
  for (const [item, share] of shares) {
    left -= share
    if (left < 0) return item
  }
  return oneOf(random, shares)[0]
}
