import { shuffled, wholeBetween, type Random } from '@grapevine/simulation'
import type { FaultAction, FaultKind } from './action.ts'

/** What is drawn from: the nodes in an order that was drawn too, and more chance. */
interface Draw {
  readonly nodes: readonly string[]
  readonly one: string
  readonly other: string
  /** Whole, from the one to the other, both included. */
  between(least: number, most: number): number
}

/** Also the list of all kinds. Who changes how one is drawn changes what the seeds of old reports mean. */
const actions: Readonly<Record<FaultKind, (draw: Draw) => FaultAction>> = {
  partition: ({ nodes, between }) => {
    const size = between(1, Math.max(1, nodes.length - 1))
    return { kind: 'partition', groups: [nodes.slice(0, size), nodes.slice(size)] }
  },
  bridge: ({ nodes }) => {
    const middle = Math.ceil(nodes.length / 2)
    return { kind: 'bridge', groups: [nodes.slice(0, middle), nodes.slice(middle - 1)] }
  },
  ring: () => ({ kind: 'ring' }),
  isolate: ({ one }) => ({ kind: 'isolate', node: one }),
  pause: ({ one }) => ({ kind: 'pause', node: one }),
  kill: ({ one }) => ({ kind: 'kill', node: one }),
  fillDisk: ({ one }) => ({ kind: 'fillDisk', node: one }),
  failDisk: ({ one }) => ({ kind: 'failDisk', node: one }),
  cut: ({ one, other }) => ({ kind: 'cut', a: one, b: other }),
  cutOneWay: ({ one, other }) => ({ kind: 'cutOneWay', from: one, to: other }),
  flap: ({ between }) => ({ kind: 'flap', downMs: between(200, 2_000), upMs: between(200, 2_000) }),
  flapNode: ({ one, between }) => ({
    kind: 'flapNode',
    node: one,
    downMs: between(200, 2_000),
    upMs: between(200, 2_000),
  }),
  lose: ({ between }) => ({ kind: 'lose', share: between(5, 30) / 100 }),
  corrupt: ({ between }) => ({ kind: 'corrupt', share: between(5, 30) / 100 }),
  slow: ({ between }) => ({ kind: 'slow', bitsPerSecond: between(256, 4_096) * 1_000 }),
  delay: ({ between }) => ({ kind: 'delay', delayMs: between(20, 500) }),
  skewClock: ({ one, between }) => ({ kind: 'skewClock', node: one, ms: between(-300_000, 300_000) }),
}

export const isFaultKind = (kind: string): kind is FaultKind => Object.hasOwn(actions, kind)

export const faultKinds: readonly FaultKind[] = Object.keys(actions).filter(isFaultKind)

/** How many nodes there must be for it to do anything: two halves that share a node, and a ring, may hold all links. */
export const leastNodes = (kind: FaultKind): number => (kind === 'bridge' ? 3 : kind === 'ring' ? 4 : 2)

/** @param names - as many as `leastNodes`, and more */
export const drawAction = (kind: FaultKind, names: readonly string[], random: Random): FaultAction => {
  const nodes = shuffled(random, names)
  const [one = '', other = ''] = nodes
  const between = (least: number, most: number): number => wholeBetween(random, least, most)
  return actions[kind]({ nodes, one, other, between })
}
