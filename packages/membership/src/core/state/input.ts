import type { Member } from './member.ts'
import type { Message } from './messages.ts'

/** What happened, as told to the core by the network, the clock or the application. */
export type Input =
  /** A link to an admitted peer is open: messages can be sent to it. */
  | { readonly type: 'linked'; readonly peer: string }
  /** The last connection to the peer is gone. */
  | { readonly type: 'unlinked'; readonly peer: string }
  /** What came over the link is no message of this protocol. */
  | { readonly type: 'malformed'; readonly from: string }
  | { readonly type: 'received'; readonly from: string; readonly message: Message }
  | DiscoveryInput
  | { readonly type: 'dialled'; readonly target: string; readonly outcome: DialOutcome }
  | { readonly type: 'tick' }
  /** The application changed this member's metadata, or the network its addresses. */
  | { readonly type: 'changed'; readonly self: Partial<Pick<Member, 'addresses' | 'metadata'>> }
  /** A connection to another process with this member's key was met. */
  | { readonly type: 'cloned' }
  /** An operator says that a member that is down will not come back. */
  | { readonly type: 'forget'; readonly id: string }
  /** An operator says that nobody will go back to an older version. */
  | { readonly type: 'finalise' }
  /** What `keep` asked for is on the disk, or could not be written. */
  | { readonly type: 'kept' | 'notKept'; readonly version: number }
  | { readonly type: 'leave' }

export type DiscoveryInput =
  /** All addresses that a source named by the operator gives now; they replace what it gave before. */
  | { readonly type: 'configured'; readonly source: string; readonly addresses: readonly string[] }
  /** Somebody on the network says that this peer is there. Anybody may say anything. */
  | { readonly type: 'announced'; readonly peer: string; readonly addresses: readonly string[] }

export type DialOutcome =
  | { readonly type: 'connected'; readonly peer: string }
  | { readonly type: 'failed' }
  /** The address is this node's own. */
  | { readonly type: 'self' }
