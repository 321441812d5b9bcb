import type { Log } from '@grapevine/std'
import type { Attempts } from './report.ts'
import type { PeerDiscovery } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'

/** What a discovery says; multiaddrs. Who is a member is decided by admission alone. */
export type Found =
  /** All that the operator's configuration gives now: dialled for ever, until the next such list leaves them out. */
  | { readonly type: 'configured'; readonly addresses: readonly string[] }
  /** Anybody may have said it: dialled a few times, and no host more often than a bound allows. */
  | { readonly type: 'announced'; readonly peer: string; readonly addresses: readonly string[] }

export interface DiscoveryContext {
  readonly cluster: string
  readonly log: Log
  /** Ends the discovery. */
  readonly signal: AbortSignal
  readonly found: (found: Found) => void
  /** For the report of what was tried: a name that was looked up. */
  readonly tried?: Pick<Attempts, 'name'>
}

/** A way to hear of other members. Write your own as an `active` one. */
export type Discovery =
  | { readonly type: 'active'; readonly name: string; start(context: DiscoveryContext): void }
  /** One that libp2p itself runs, because it needs libp2p's addresses. */
  | {
      readonly type: 'libp2p'
      readonly name: string
      create(context: DiscoveryContext): (components: MulticastDNSComponents) => PeerDiscovery
    }
