import type { Member, ClusterView } from '@grapevine/membership'
import { contentOf } from './content-digest.ts'
import type { Instance } from '../instance/instance.ts'

/** What `/cluster.json` answers: the cluster as this node sees it now. */
export interface ClusterStatus {
  /** This member. */
  readonly self: MemberStatus
  readonly members: readonly MemberStatus[]
  readonly view: ClusterView
  /** Of all users; equal on two members exactly when they hold the same. */
  readonly digest: string
  readonly users: number
  /** How many usernames have more than one claim. */
  readonly contested: number
  /** The first of them. */
  readonly contestedNames: readonly string[]
  /** Of everything that is replicated. */
  readonly content: string
  /** Ids of the members that this one can talk to now. */
  readonly links: readonly string[]
}

export interface MemberStatus {
  readonly id: string
  readonly name: string
  readonly state: Member['state']
  readonly incarnation: number
  readonly url: string | undefined
  /** Milliseconds that its clock is ahead of this member's, once measured. */
  readonly skew: number | undefined
}

const mostNames = 50

export const clusterStatus = ({ membership, replicas, users }: Instance): ClusterStatus => ({
  self: memberStatus(membership.self),
  members: membership.members().map(memberStatus),
  view: membership.view(),
  digest: replicas['users']?.status().digest ?? '',
  users: users.size,
  contested: users.contestedNames().length,
  contestedNames: users.contestedNames().slice(0, mostNames),
  content: contentOf(replicas),
  links: membership.reachable(),
})

const memberStatus = ({ id, name, state, incarnation, metadata, skew }: Member): MemberStatus => ({
  id,
  name,
  state,
  incarnation,
  url: metadata['url'],
  skew,
})
