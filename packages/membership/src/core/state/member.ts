import type { Versions } from './versions.ts'

/** What the cluster holds of a member, after SWIM (Das, Gupta, Motivala 2002), section 4.2. */
export type MemberState =
  /** Answers probes, directly or through others. */
  | 'alive'
  /** Missed a probe; has until the suspicion timeout to refute. */
  | 'suspect'
  /** Did not refute in time. Comes back by refuting with a higher incarnation. */
  | 'down'
  /** Said goodbye. Comes back by starting again. */
  | 'left'

/** One member, as told by itself (everything but `state`) and judged by the cluster (`state`). */
export interface Member {
  /** libp2p peer id; stable as long as the key on the member's disk. */
  readonly id: string
  /** For people; need not be unique. */
  readonly name: string
  /** Grows at every start and every refutation; of two statements about a member the higher one wins. */
  readonly incarnation: number
  /** Multiaddrs on which the member listens. */
  readonly addresses: readonly string[]
  /** The application's own facts about the member, for example its HTTP URL. */
  readonly metadata: Readonly<Record<string, string>>
  readonly state: MemberState
  /** What it can speak; none from members of the version before. */
  readonly speaks?: Versions
  /** Milliseconds that its clock is ahead of this node's, as last measured by this node; never told on. */
  readonly skew?: number
}

export const isPresent = ({ state }: Member): boolean => state === 'alive' || state === 'suspect'
