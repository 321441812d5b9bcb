/**
 * What a replica needs of a network: who can be asked now, a topic that reaches all, and requests to one.
 * `Membership` of `@grapevine/membership` has this shape.
 */
export interface Bus {
  readonly self: { readonly id: string }
  /** Ids of the other members that answer requests now. */
  reachable(): readonly string[]
  /** All members that are known, reachable or not, this one included; needed for the write concern `majority`. */
  members?(): readonly BusMember[]
  /** Messages to all members, at most once each and in no order. */
  topic(name: string): BusTopic
  /**
   * Rejects when the member is not linked, refuses or does not handle the protocol, and when the signal aborts. Where nobody handles it
   * the error may have the `failure` "unknown-protocol": a member that has just started is then asked again before that is told.
   */
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  /**
   * Answers requests of this protocol; rejects if it is handled already.
   *
   * @returns how to stop answering; the protocol can be handled anew then
   */
  handle(protocol: string, handler: RequestHandler): Promise<() => void>
  /** A member became reachable, or ceased to be. */
  on(
    type: 'member:linked' | 'member:unlinked',
    listener: (event: { readonly member: { readonly id: string } }) => void,
  ): () => void
}

/** A member, and what it says of itself if it does. */
export interface BusMember {
  readonly id: string
  readonly state: string
  /** Names of what it can do: which versions of the protocol of facts it speaks. */
  readonly speaks?: { readonly features: readonly string[] }
}

export interface BusTopic {
  publish(bytes: Uint8Array): Promise<void>
  /** `from`: who passed it on to this node, where the bus tells. @returns how to unsubscribe */
  subscribe(listener: (bytes: Uint8Array, context?: { readonly from?: string }) => void): () => void
  /**
   * Asked of each message before it is passed on to others and told to the listeners; one that is not good is neither.
   * `from`: who passed it on to this node, and so pays for it. The last validator counts.
   *
   * @returns how to ask no more
   */
  validate?(isGood: (bytes: Uint8Array, context?: { readonly from?: string }) => boolean): () => void
}

/** Its rejection is told to who asked as no more than a refusal. */
export type RequestHandler = (request: Uint8Array, context: { readonly from: string }) => Promise<Uint8Array>
