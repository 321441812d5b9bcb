import type { Member } from './member.ts'
import type { Versions } from './versions.ts'
import type { Message } from './messages.ts'

/** What the shell is to do. */
export type Effect =
  | { readonly type: 'send'; readonly to: string; readonly message: Message }
  | {
      readonly type: 'dial'
      readonly target: string
      readonly addresses: readonly string[]
      readonly peer?: string
    }
  /** Close the link: it is silent, or one too many. */
  | {
      readonly type: 'hangUp'
      readonly peer: string
      /** Whether what was sent before must arrive, if the peer still reads. */
      readonly flush?: boolean
    }
  | { readonly type: 'emit'; readonly event: MembershipEvent }
  /** Write to the disk that the upgrade is finalised at this version, and tell the core whether it is there: `kept` or `notKept`. */
  | { readonly type: 'keep'; readonly version: number }
  /** Something that an operator should know of. */
  | { readonly type: 'notify'; readonly notice: Notice }

export type Notice =
  /** The peer sent what no honest member sends: its link was closed. */
  | { readonly type: 'liar'; readonly peer: string }
  /** Another process has this member's key: a copy of its data folder. */
  | { readonly type: 'cloned' }
  /** The peer's clock is `skew` milliseconds ahead of this node's. */
  | { readonly type: 'skewed'; readonly peer: string; readonly skew: number }
  /** The two have no version in common: it is not let in. */
  | {
      readonly type: 'incompatible'
      readonly peer: string
      /** As it calls itself: it is no member here. */
      readonly name: string
      readonly theirs: Versions
    }
  /** The cluster's upgrade is finalised at this version, and this node's disk has it. */
  | { readonly type: 'finalised'; readonly version: number }
  /** The peer's highest version is so much lower than this node's: two at least. */
  | { readonly type: 'behind'; readonly peer: string; readonly by: number }

export type MembershipEvent =
  /** A member is there: new, back, or no longer suspected. */
  | { readonly type: 'member:up'; readonly member: Member }
  | { readonly type: 'member:suspect'; readonly member: Member }
  | { readonly type: 'member:down'; readonly member: Member }
  | { readonly type: 'member:left'; readonly member: Member }
  /** Its metadata, name or addresses changed. */
  | { readonly type: 'member:updated'; readonly member: Member }
  /** It is alive and there is a link to it: it can be sent requests from now on. */
  | { readonly type: 'member:linked'; readonly member: Member }
  /** It cannot be sent requests from now on. */
  | { readonly type: 'member:unlinked'; readonly member: Member }
