/**
 * What a replica needs of a network: who can be asked now, a topic that reaches all, and requests to one.
 * `Membership` of `@grapevine/membership` has this shape.
 */
export interface Bus {
  readonly self: { readonly id: string }
  /** Ids of the other members that answer requests now. */
  reachable(): readonly string[]
  /** All members that are known, reachable or not, this one included; needed for the write concern `majority`. */
  members?(): readonly { readonly id: string; readonly state: string }[]
  /** Messages to all members, at most once each and in no order. */
  topic(name: string): BusTopic
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  handle(
    protocol: string,
    handler: (request: Uint8Array, context: { readonly from: string }) => Promise<Uint8Array>,
  ): Promise<unknown>
  /** A member became reachable, or ceased to be. */
  on(
    type: 'member:linked' | 'member:unlinked',
    listener: (event: { readonly member: { readonly id: string } }) => void,
  ): () => void
}

export interface BusTopic {
  publish(bytes: Uint8Array): Promise<void>
  subscribe(listener: (bytes: Uint8Array) => void): () => void
}
