import { checkNumber } from '../check-number.ts'
import { OptionError } from '../errors.ts'
import { seededRandom } from './seeded-random.ts'

/** One thing that a nemesis does, in the words of `Cluster`. */
export type FaultAction =
  | { readonly kind: 'partition' | 'bridge'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'ring' }
  | { readonly kind: 'isolate' | 'pause' | 'kill' | 'fillDisk' | 'failDisk'; readonly node: string }
  | { readonly kind: 'cutOneWay'; readonly from: string; readonly to: string }
  | { readonly kind: 'flap'; readonly downMs: number; readonly upMs: number }
  | { readonly kind: 'lose' | 'corrupt'; readonly share: number }
  | { readonly kind: 'slow'; readonly bitsPerSecond: number }
  | { readonly kind: 'skewClock'; readonly node: string; readonly ms: number }
  | { readonly kind: 'heal' }

export type FaultKind = Exclude<FaultAction['kind'], 'heal'>

export interface ScheduledFault {
  /** From the beginning of the schedule, in milliseconds. */
  readonly atMs: number
  readonly action: FaultAction
}

export interface ScheduleOptions {
  /** 0 to 2³² − 1. The same options make the same schedule. */
  readonly seed: number
  readonly nodes: readonly string[]
  /** Which faults may occur. What needs another driver is not to be named here. */
  readonly kinds: readonly FaultKind[]
  /** Length in milliseconds, 1 to 24 hours. It ends healed. */
  readonly durationMs: number
  /** How long a fault stays at least and at most, in milliseconds. @default [2_000, 10_000] */
  readonly holdMs?: readonly [number, number]
  /** How long it is calm after a heal, in milliseconds. @default [500, 3_000] */
  readonly calmMs?: readonly [number, number]
}

/** A schedule of faults, each undone before the next, and nothing in force at its end. Pure. */
export function scheduleFaults(options: ScheduleOptions): ScheduledFault[] {
  const { nodes, kinds, durationMs, holdMs = [2_000, 10_000], calmMs = [500, 3_000] } = options
  checkNumber('seed', options.seed, 0, 2 ** 32 - 1)
  checkNumber('durationMs', durationMs, 1, 86_400_000)
  if (nodes.length < 2) throw new OptionError('nodes', nodes, 'two names and more')
  if (kinds.length === 0) throw new OptionError('kinds', kinds, 'one and more')
  const draw = drawing(seededRandom(options.seed))
  const schedule: ScheduledFault[] = []
  let now = draw.between(calmMs)
  while (now < durationMs) {
    schedule.push({ atMs: now, action: drawAction(draw.of(kinds), nodes, draw) })
    now = Math.min(durationMs, now + draw.between(holdMs))
    schedule.push({ atMs: now, action: { kind: 'heal' } })
    now += Math.max(1, draw.between(calmMs))
  }
  return schedule
}

/** In one line each, for a log. */
export function describeAction(action: FaultAction): string {
  const { kind, ...rest } = action
  const words = Object.values(rest).map((value: unknown) =>
    Array.isArray(value) ? value.map((group: unknown) => `[${String(group)}]`).join(' ') : String(value),
  )
  return [kind, ...words].join(' ')
}

interface Drawing {
  between(range: readonly [number, number]): number
  of<T>(items: readonly T[]): T
  shuffled<T>(items: readonly T[]): T[]
}

function drawing(random: () => number): Drawing {
  const below = (end: number): number => Math.floor(random() * end)
  return {
    between: ([least, most]) => least + below(most - least + 1),
    of: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to draw from')
      return item
    },
    shuffled: (items) => {
      const keyed = items.map((item) => ({ item, key: random() }))
      return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item)
    },
  }
}

function drawAction(kind: FaultKind, nodes: readonly string[], draw: Drawing): FaultAction {
  const shuffled = draw.shuffled(nodes)
  const [one = '', other = ''] = shuffled
  const middle = Math.ceil(nodes.length / 2)
  switch (kind) {
    case 'partition': {
      const size = draw.between([1, Math.max(1, nodes.length - 1)])
      return { kind, groups: [shuffled.slice(0, size), shuffled.slice(size)] }
    }
    case 'bridge':
      return { kind, groups: [shuffled.slice(0, middle), shuffled.slice(middle - 1)] }
    case 'ring':
      return { kind }
    case 'isolate':
    case 'pause':
    case 'kill':
    case 'fillDisk':
    case 'failDisk':
      return { kind, node: one }
    case 'cutOneWay':
      return { kind, from: one, to: other }
    case 'flap':
      return { kind, downMs: draw.between([200, 2_000]), upMs: draw.between([200, 2_000]) }
    case 'lose':
    case 'corrupt':
      return { kind, share: draw.between([5, 30]) / 100 }
    case 'slow':
      return { kind, bitsPerSecond: draw.between([256, 4_096]) * 1_000 }
    case 'skewClock':
      return { kind, node: one, ms: draw.between([-300_000, 300_000]) }
  }
}
