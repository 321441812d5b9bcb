import type { DialOutcome } from '../core/state/input.ts'
import type { Wire } from './wire.ts'

export interface VirtualListener {
  received(from: string, wire: Wire): void
  linked(peer: string): void
  unlinked(peer: string): void
  /** A link to another process with this member's id was refused. */
  cloned(): void
}

/** A place in a network of TCP-like links, at most one to a member. Peers are told by the ids that they listen with. */
export interface VirtualHostPort {
  dial(address: string, done: (outcome: DialOutcome) => void): void
  send(to: string, wire: Wire): void
  hangUp(to: string): void
  isLinked(to: string): boolean
}

export interface VirtualNetworkPort {
  /** Where others find it. */
  readonly address: string
  /** Called once. */
  listen(id: string, listener: VirtualListener): VirtualHostPort
}
