import '../network/libp2p-patches/promise-with-resolvers.ts'
import { createHash } from 'node:crypto'
import { checkOptions, orElse, wholeNumber, type Checks } from '@grapevine/std'
import { mdns as libp2pMdns } from '@libp2p/mdns'
import { isStartable } from '@libp2p/interface'
import type { PeerDiscovery, Startable } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import { withOwnSockets } from './own-socket.ts'
import type { Discovery, DiscoveryContext } from './discovery.ts'

export interface MdnsOptions {
  /** Milliseconds between two queries. @default 5000 */
  readonly interval?: number
}

const checks = { interval: orElse(wholeNumber(100, 3_600_000), 5_000) } satisfies Checks<MdnsOptions>

/**
 * Finds members on the local network by multicast DNS (RFC 6762). Needs no configuration; reaches as far as
 * multicast does. The service tag comes from the cluster's name, so that clusters (and other libp2p
 * programs) on one network do not hear each other.
 */
export const mdns = (options: MdnsOptions = {}): Discovery => {
  const { interval } = checkOptions(options, checks, 'mdns')
  return {
    type: 'libp2p',
    name: 'mdns',
    create: (context) => (components) => listen(context, interval, components),
  }
}

const listen = (
  { cluster, found }: DiscoveryContext,
  interval: number,
  components: MulticastDNSComponents,
): PeerDiscovery => {
  const service = libp2pMdns({ serviceTag: serviceTag(cluster), interval })(components)
  service.addEventListener('peer', (event) => {
    // Each member hears every answer to every question. libp2p would write each to its peer store, which nobody here asks.
    event.stopImmediatePropagation()
    const { id, multiaddrs } = event.detail
    found({
      type: 'announced',
      peer: id.toString(),
      addresses: multiaddrs.map((address) => address.toString()),
    })
  })
  return isStartable(service) ? inOwnSockets(service) : service
}

/** It binds its socket before it waits for anything. */
const inOwnSockets = <T extends Startable>(service: T): T => {
  const start = service.start.bind(service)
  service.start = () => withOwnSockets(start)
  return service
}

/** A DNS label of at most 15 characters (RFC 6763, 7.2) that tells the name to nobody who does not know it. */
export const serviceTag = (cluster: string): string =>
  `_gv-${createHash('sha256').update(`grapevine mdns ${cluster}`).digest('hex').slice(0, 11)}._udp.local`
