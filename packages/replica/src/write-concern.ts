/** Which members must have a write on their disks before it is acknowledged. */
export type WriteConcern =
  /** This node's own disk. */
  | 'local'
  /** Every member that can be reached; those that fall silent meanwhile are not waited for beyond the time-out. */
  | 'reachable'
  /** More than half of the members that have not left, this node included. Needs a bus that tells its members. */
  | 'majority'
  /** This many members, this node included. */
  | number

/** Who is known to have a write on disk, this node first, and which members are not known to. */
export interface Acknowledgement {
  readonly members: readonly string[]
  readonly missing: readonly string[]
}
