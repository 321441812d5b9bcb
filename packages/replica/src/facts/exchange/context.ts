import type { FactSet, Section } from '@grapevine/facts'
import type { SpeakersBus } from '../protocol/speakers.ts'
import type { Clock, Log } from '@grapevine/std'
import type { PeerPenalties } from '../../shared/peer-penalty.ts'
import type { Cursors } from './cursors.ts'
import type { Intake } from '../intake.ts'
import type { SpentIds } from './spent-ids.ts'

/** What all that is said about one set shares. */
export interface FactsContext {
  readonly set: FactSet
  readonly bus: SpeakersBus
  /** Of the set, on the bus. */
  readonly name: string
  /** Of this process: positions mean nothing in another. */
  readonly epoch: string
  readonly intake: Intake
  readonly cursors: Cursors
  readonly spentIds: SpentIds
  readonly penalties: PeerPenalties
  readonly traffic: FactsTraffic
  readonly clock: Clock
  /** Ends whatever is under way. */
  readonly signal: AbortSignal
  readonly log: Log
}

/** Counted since the start. */
export interface FactsTraffic {
  /** Messages that the gate proved to be nobody's honest ones. */
  refused: number
  /** Gossiped messages dropped because too many waited. */
  dropped: number
  /** Messages of a kind that this version does not know. */
  unknown: number
  /** Bytes of facts received and sent, with the messages that carry them. */
  bytesIn: number
  bytesOut: number
}

/** Erasures come first, so that nobody asks for what is to go. */
export const halves = ['erasures', 'facts'] as const
export type Half = (typeof halves)[number]

export const sectionOf = ({ set }: Pick<FactsContext, 'set'>, half: number): Section =>
  half === 0 ? set.erasures : set.facts
