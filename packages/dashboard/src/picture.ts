import type { Entry } from './history/incident.ts'

/**
 * What the dashboard asks of an app: one moment of a cluster, as the asked one sees it. Ids are any text that
 * tells members apart.
 */
export interface Source {
  /** Called for each page, and about once a second while somebody watches. */
  read(): Promise<Picture>
  /** Tells of something that happened, so that it is shown at once. @returns how to stop listening */
  onChange?(listener: () => void): () => void
}

export interface Picture {
  /** When it was measured, in ms since 1970. */
  readonly at: number
  /** Who looks: one of the members, or somebody outside of the cluster who asks each of them. */
  readonly observer: { readonly kind: 'member'; readonly id: string } | { readonly kind: 'outside' }
  readonly members: readonly MemberPicture[]
  /** Pairs of ids that can talk to each other now, as at least one of the two says. */
  readonly links: readonly (readonly [string, string])[]
  /** Usernames that more than one account claims. */
  readonly contested: readonly ContestedName[]
  readonly traffic: readonly Traffic[]
  /** Newest first. */
  readonly events: readonly ClusterEvent[]
  /** What happened in the last day, newest first: from `createHistory`. Not shown if left out. */
  readonly history?: readonly Entry[] | undefined
  /** The observer has found no other member: for how many ms, and what it tried, in one line. */
  readonly alone?: Alone | undefined
}

export interface Alone {
  readonly for: number
  readonly expectsOthers: boolean
  readonly tried: string
}

export interface MemberPicture {
  readonly id: string
  /** For people; need not be unique. */
  readonly name: string
  readonly state: MemberState
  /** Where it serves people; linked to only if it is http or https. */
  readonly url?: string | undefined
  /** Milliseconds that its clock is ahead of the observer's, if known. */
  readonly skew?: number | undefined
  /** When it last said how it is, in ms since 1970, if it ever did. */
  readonly heardAt?: number | undefined
  readonly report: Report
}

export type MemberState = 'alive' | 'suspect' | 'down' | 'left'

/** How much of the cluster a member sees, of the members that have not left. */
export type ClusterView = 'whole' | 'majority' | 'minority'

/** What a member says of itself, if it could be asked. */
export type Report = Answer | { readonly kind: 'silent' }

export interface Answer extends Health {
  readonly kind: 'answered'
  /** Equal on two members exactly when they hold the same. */
  readonly digest: string
  readonly view: ClusterView
  readonly users: number
}

/** How a member's own process is; what a member of another version does not say is missing. */
export interface Health {
  readonly version?: string | undefined
  /** Milliseconds since it started. */
  readonly uptime?: number | undefined
  readonly disk?: 'keeping' | 'failing' | undefined
  readonly diskBytes?: number | undefined
  /** Milliseconds since the first write acknowledged there that some member did not confirm; 0 for none. */
  readonly lag?: number | undefined
  /** Facts that it holds and does not read, by reason. */
  readonly unread?: Readonly<Record<string, number>> | undefined
  /** By how many milliseconds its event loop is late, at the 99th percentile of the last seconds. */
  readonly loopDelay?: number | undefined
  /** Counted since its start. */
  readonly logins?: number | undefined
  readonly writes?: number | undefined
}

/** A username that more than one account claims. */
export interface ContestedName {
  readonly name: string
  /** Ids of the accounts, the owner of the bare name first; empty if not known. */
  readonly accounts: readonly string[]
}

/** Bytes of content exchanged since the start, of one replica. */
export interface Traffic {
  readonly name: string
  readonly bytesIn: number
  readonly bytesOut: number
  /** Updates of others that were refused. */
  readonly refused: number
}

/** Something that happened, in a few words. */
export interface ClusterEvent {
  /** Ms since 1970. */
  readonly at: number
  readonly text: string
}
