import {
  InvalidOptionError,
  checkOptions,
  listOf,
  oneOf,
  orElse,
  shown,
  text,
  wholeNumber,
  type Check,
  type Checks,
} from '@grapevine/std'
import { seededRandom, wholeBetween } from '@grapevine/simulation'
import type { FaultAction, FaultKind } from './action.ts'
import { drawAction, faultKinds, leastNodes } from './draw-action.ts'

export interface ScheduledFault {
  /** From the beginning of the schedule, in milliseconds; faults and heals take no time in it. */
  readonly atMs: number
  readonly action: FaultAction
}

export interface ScheduleOptions {
  /** 0 to 2³² − 1. The same options make the same schedule. */
  readonly seed: number
  /** The names of the nodes that something may happen to, 2 to 64, each once. */
  readonly nodes: readonly string[]
  /**
   * Which faults may occur; one named twice is drawn twice as often. What needs another driver is not to be named here.
   * `bridge` takes 3 nodes and `ring` 4: of fewer they cut no link.
   */
  readonly kinds: readonly FaultKind[]
  /** Length in milliseconds, 1 to 24 hours. It ends healed. */
  readonly durationMs: number
  /** How long a fault stays at least and at most, in milliseconds, 100 to 24 hours. @default [2_000, 10_000] */
  readonly holdMs?: readonly [least: number, most: number]
  /** How long it is calm before a fault, at least and at most, in milliseconds, 0 to 24 hours. @default [500, 3_000] */
  readonly calmMs?: readonly [least: number, most: number]
}

const dayMs = 86_400_000

/** So that a schedule of a day fits into memory; and a fault takes some time to be in force. */
const leastHoldMs = 100

/**
 * A schedule of faults, each undone before the next, and nothing in force at its end. Pure.
 *
 * @throws InvalidOptionError
 */
export const scheduleFaults = (options: ScheduleOptions): ScheduledFault[] => {
  const { seed, nodes, kinds, durationMs, holdMs, calmMs } = checked(options)
  const random = seededRandom(seed)
  const schedule: ScheduledFault[] = []
  let now = wholeBetween(random, ...calmMs)
  while (now < durationMs) {
    const kind = kinds[wholeBetween(random, 0, kinds.length - 1)]
    if (kind === undefined) break
    schedule.push({ atMs: now, action: drawAction(kind, nodes, random) })
    now = Math.min(durationMs, now + wholeBetween(random, ...holdMs))
    schedule.push({ atMs: now, action: { kind: 'heal' } })
    now += Math.max(1, wholeBetween(random, ...calmMs))
  }
  return schedule
}

const rangeFrom =
  (lowest: number): Check<readonly [number, number]> =>
  (option, value) => {
    const [least, most] = listOf(wholeNumber(lowest, dayMs), 2, 2)(option, value)
    if (least === undefined || most === undefined || most < least)
      throw new InvalidOptionError(option, `[${least}, ${most}]`, 'the least, then the same or more')
    return [least, most]
  }

const checks = {
  seed: wholeNumber(0, 2 ** 32 - 1),
  nodes: listOf(text(1, 1_000), 2, 64),
  kinds: listOf(oneOf(...faultKinds), 1, 1_000),
  durationMs: wholeNumber(1, dayMs),
  holdMs: orElse(rangeFrom(leastHoldMs), [2_000, 10_000]),
  calmMs: orElse(rangeFrom(0), [500, 3_000]),
} satisfies Checks<ScheduleOptions>

const checked = (options: ScheduleOptions): Required<ScheduleOptions> => {
  const all = checkOptions(options, checks)
  const { nodes, kinds } = all
  if (new Set(nodes).size < nodes.length)
    throw new InvalidOptionError('nodes', shown(nodes), 'each name once')
  const idle = kinds.find((kind) => nodes.length < leastNodes(kind))
  if (idle !== undefined)
    throw new InvalidOptionError(
      'kinds',
      shown(idle),
      `what does something to ${nodes.length} nodes: it takes ${leastNodes(idle)}`,
    )
  return all
}
