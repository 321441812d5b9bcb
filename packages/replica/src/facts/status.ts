import type { StorageStatus } from '../storage/storage.ts'
import type { FactsTraffic } from './exchange/context.ts'
import type { Failure } from './exchange/schedule.ts'
import type { MemberLag } from './lag.ts'

export interface FactsStatus extends Readonly<FactsTraffic>, StorageStatus {
  /** Own disk loaded, and an exchange completed with each member that could be reached, or failed and named. */
  readonly ready: boolean
  /** `failing`: writes are refused, reads go on. */
  readonly storage: 'keeping' | 'failing'
  /** Equal on two members exactly when they hold the same. */
  readonly digest: string
  /** Facts that are held, and subjects that are erased. */
  readonly facts: number
  readonly erased: number
  /** Reachable members that held the same when last compared. */
  readonly inSync: readonly string[]
  /** Members that say they hold something else, and have nothing that is lacking here: one of the two is broken. */
  readonly diverged: readonly string[]
  /** Members whose last exchange failed, and why. */
  readonly failed: readonly Failure[]
  /** Members that did not confirm what was acknowledged here. */
  readonly behind: readonly MemberLag[]
  /** Members that are not listened to for a while. */
  readonly cutOff: readonly string[]
  /** Members that say they keep no sets of facts of a version that is known here: they are not asked, nor waited for. */
  readonly notAsked: readonly string[]
  /** Facts that are not on this disk yet: foreign ones that wait for their turn, and what was not flushed. */
  readonly pending: number
  /** Keys that an erasure spent and that are still to be deleted. */
  readonly purging: number
  /** With whom an exchange was completed last, and how many milliseconds ago. */
  readonly lastExchange: { readonly member: string; readonly ago: number } | undefined
}

export interface FactsEvents {
  /** The status is another than at the last such event; changes within 20 ms are told together. */
  readonly status: FactsStatus
  /** What a member sent did not pass the gate; `member` is unknown for gossip whose sender the bus does not tell. */
  readonly refused: { readonly member: string | undefined; readonly reason: string }
  /** An exchange with a member failed. */
  readonly failed: Failure
  /** A member says that it holds something else, and has nothing that is lacking here. */
  readonly diverged: { readonly member: string }
}

/** Changes when something happened, not with time alone. */
export const statusSignature = ({ lastExchange, behind, ...rest }: FactsStatus): string =>
  JSON.stringify([rest, lastExchange?.member, behind.map(({ member, writes }) => [member, writes])])
