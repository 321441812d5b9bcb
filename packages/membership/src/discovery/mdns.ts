import '../network/patches/promise-with-resolvers.ts'
import { createHash } from 'node:crypto'
import { mdns as libp2pMdns } from '@libp2p/mdns'
import type { Discovery } from './discovery.ts'

/**
 * Finds members on the local network by multicast DNS (RFC 6762). Needs no configuration; reaches as far as
 * multicast does. The service tag comes from the cluster's name, so that clusters (and other libp2p
 * programs) on one network do not hear each other.
 *
 * @param options.interval - milliseconds between two queries; default 5000
 */
export const mdns = (options: { readonly interval?: number } = {}): Discovery => ({
  type: 'libp2p',
  name: 'mdns',
  create:
    ({ cluster, found }) =>
    (components) => {
      const service = libp2pMdns({ serviceTag: serviceTag(cluster), interval: options.interval ?? 5_000 })(
        components,
      )
      service.addEventListener('peer', ({ detail }) => {
        found({
          type: 'announced',
          peer: detail.id.toString(),
          addresses: detail.multiaddrs.map((address) => address.toString()),
        })
      })
      return service
    },
})

/** A DNS label of at most 15 characters (RFC 6763, 7.2) that tells the name to nobody who does not know it. */
export const serviceTag = (cluster: string): string =>
  `_gv-${createHash('sha256').update(`grapevine mdns ${cluster}`).digest('hex').slice(0, 11)}._udp.local`
