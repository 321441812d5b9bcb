/** Counted since the start. */
export interface Traffic {
  /** Foreign updates refused by the bounds or the policy. */
  refused: number
  /** Foreign updates dropped because too many waited. */
  dropped: number
  /** Foreign updates that built on something that was not here. */
  gaps: number
  /** Bytes of document content received and sent, without framing. */
  bytesIn: number
  bytesOut: number
}

export interface ReplicaStatus extends Readonly<Traffic> {
  /** Own disk loaded, and one full exchange with a member or nobody there to exchange with. */
  readonly ready: boolean
  /** `failing`: writes are refused, reads go on. */
  readonly storage: 'keeping' | 'failing'
  /** Equal on two members exactly when their documents are. */
  readonly digest: string
  /** Reachable members that held the same when last compared. */
  readonly inSync: readonly string[]
  /** Members that hold something else under the same ids; see the README on repair. */
  readonly diverged: readonly string[]
  /** Members that are not listened to for a while. */
  readonly cutOff: readonly string[]
  /** Changes that are not on this disk yet: foreign ones that wait to be judged, and own ones. */
  readonly pending: number
  /** Updates of the own disk that build on something that is damaged, until a member sends that. */
  readonly held: number
  /** With whom a comparison was completed last, and how many milliseconds ago. */
  readonly lastExchange: { readonly member: string; readonly ago: number } | undefined
  /** Bytes on disk: appended since the last snapshot, and the snapshot. */
  readonly logBytes: number
  readonly snapshotBytes: number
  /** Entries of the own disk found damaged or missing since the start. */
  readonly damaged: number
}

export interface ReplicaEvents {
  /** The status is another than at the last such event; changes within 20 ms are told together. */
  readonly status: ReplicaStatus
  /** A foreign update was refused; `member` is unknown for gossip. */
  readonly refused: { readonly member: string | undefined; readonly reason: string }
  /** A member holds other content under the same ids. */
  readonly diverged: { readonly member: string }
  /** Entries that a member lacked were inserted anew. */
  readonly repaired: { readonly member: string; readonly entries: number; readonly unrepaired: number }
}

/** Changes when something happened, not with time alone. */
export const statusSignature = ({ lastExchange, ...rest }: ReplicaStatus): string =>
  JSON.stringify([rest, lastExchange?.member])
