import type { PeerDiscovery } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import type { Log } from '../log.ts'

/** Where an address was heard of: whose it is, if known, and the multiaddrs. Anybody may have said it. */
export interface Found {
  readonly peer?: string
  readonly addresses: readonly string[]
}

export interface DiscoveryContext {
  readonly cluster: string
  readonly log: Log
  /** Ends the discovery. */
  readonly signal: AbortSignal
  readonly found: (found: Found) => void
}

/**
 * A way to hear of other members. What it finds is dialled, bounded and with back-off; who is a member is
 * decided by admission alone.
 */
export type Discovery =
  | { readonly type: 'active'; readonly name: string; start(context: DiscoveryContext): void }
  /** One that libp2p itself runs, because it needs libp2p's addresses. */
  | {
      readonly type: 'libp2p'
      readonly name: string
      create(context: DiscoveryContext): (components: MulticastDNSComponents) => PeerDiscovery
    }
