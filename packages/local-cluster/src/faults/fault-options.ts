import { InvalidOptionError, check, checkOptions, optional, wholeNumber, type Check } from '@grapevine/std'
import type { NodeRef } from '../cluster-nodes.ts'

/** Some links: all links of one node, or the one between two. */
export type LinksRef = NodeRef | readonly [NodeRef, NodeRef]

/** Which links a fault is on. */
export interface OnLinks {
  /** @default all links between all nodes */
  readonly on?: LinksRef
}

export interface FlapTimes {
  /** How long the fault is there, in milliseconds, 10 to 600_000. */
  readonly downMs: number
  /** How long it is away, in milliseconds, 10 to 600_000. */
  readonly upMs: number
}

export interface Share {
  /** Above 0 and at most 1. */
  readonly share: number
}

export interface Rates {
  /** What a link carries each way, 8_000 to 10_000_000_000. @default no limit */
  readonly bitsPerSecond?: number | undefined
  /** Milliseconds each way, 1 to 60_000; in-process only. @default none */
  readonly delayMs?: number | undefined
}

const linksRef: Check<LinksRef | undefined> = check(
  (value): value is LinksRef | undefined =>
    value === undefined || ['string', 'number', 'object'].includes(typeof value),
  'a node, or a list of two',
)

const share: Check<number> = check(
  (value): value is number => typeof value === 'number' && value > 0 && value <= 1,
  'a number above 0 and at most 1',
)

interface Chosen {
  readonly on: LinksRef | undefined
}

const flapChecks = { on: linksRef, downMs: wholeNumber(10, 600_000), upMs: wholeNumber(10, 600_000) }
const shareChecks = { on: linksRef, share }
const slowChecks = {
  on: linksRef,
  bitsPerSecond: optional(wholeNumber(8_000, 10_000_000_000)),
  delayMs: optional(wholeNumber(1, 60_000)),
}

/** @throws InvalidOptionError */
export const checkFlap = (options: FlapTimes & OnLinks): FlapTimes & Chosen =>
  checkOptions(options, flapChecks)

/** @throws InvalidOptionError */
export const checkShare = (options: Share & OnLinks): Share & Chosen => checkOptions(options, shareChecks)

/** @throws InvalidOptionError, also if neither is given: nothing would be slow */
export const checkSlow = (options: Rates & OnLinks): Rates & Chosen => {
  const checked = checkOptions(options, slowChecks)
  if (checked.bitsPerSecond === undefined && checked.delayMs === undefined)
    throw new InvalidOptionError('slow', 'empty', 'bitsPerSecond, delayMs, or both')
  return checked
}
