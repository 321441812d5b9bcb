import type { MembershipEvent } from './core/state/effect.ts'
import { type ClusterView } from './core/roster/view.ts'
import { type MembershipListener } from './shell/emitter.ts'
import type { RequestHandler } from './network/requests/answering.ts'
import { type Topic } from './network/topics.ts'
import { type DiscoveryReport } from './discovery/report.ts'
import type { Upgrade } from './shell/upgrade.ts'
import { type Spoken } from './core/state/versions.ts'
import type { Member } from './core/state/member.ts'

export interface Membership extends AsyncDisposable {
  /** This member, as it tells others of itself. */
  readonly self: Member
  /** All members that this node knows of, itself included, in every state. */
  members(): readonly Member[]
  /** Ids of the members that this node can send requests to now. */
  reachable(): readonly string[]
  view(): ClusterView
  /** Members that have not left, this one and those remembered from the disk included. */
  size(): number
  /**
   * Takes a member that is down off every roster: it will not come back. If it does, it is a member again.
   * @returns whether there was such a member, and it was down
   */
  forget(id: string): boolean
  on(type: MembershipEvent['type'], listener: MembershipListener): () => void
  topic(name: string): Topic
  /** Asks one member. Rejects if it is not linked, does not answer before the signal, or the size is over the bound. */
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  /** @returns how to stop answering; the protocol can be handled anew then */
  handle(protocol: string, handler: RequestHandler): Promise<() => void>
  /** What this member and another speak with each other; undefined for one that is unknown. */
  speaks(id: string): Spoken | undefined
  /** Whether every member that has not left has the feature: only then may it be used where all have to understand. */
  allSpeak(feature: string): boolean
  /** How far the cluster's upgrade is. */
  readonly upgrade: Upgrade
  /** Messages of later versions that were ignored so far. */
  ignored(): number
  /** What was tried to find others, and whether there is reason to believe in any. */
  discovery(): DiscoveryReport
  /** Replaces the metadata and tells every member. */
  setMetadata(metadata: Readonly<Record<string, string>>): void
  /**
   * Says goodbye and stops; afterwards nothing of this member is left running. Rejects when the signal is
   * aborted before that; the stopping goes on.
   */
  leave(options?: { readonly signal?: AbortSignal }): Promise<void>
}
