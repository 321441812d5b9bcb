import { InvalidOptionError, listOf, shown } from '@grapevine/std'
import { isIPv4, isIPv6 } from 'node:net'
import { limits } from '../limits.ts'
import type { Discovery } from './discovery.ts'

/**
 * Finds members by addresses that are known beforehand: multiaddrs or `host:port`. A seed is asked again for
 * ever while it is not linked; it may be this node's own address, and need not be up.
 */
export const seeds = (addresses: readonly string[]): Discovery => {
  const multiaddrs = listOf(seed, 0, limits.members)('seeds', addresses)
  return {
    type: 'active',
    name: 'seeds',
    start: ({ found }) => found({ type: 'configured', addresses: multiaddrs }),
  }
}

const seed = (_: string, address: unknown): string => seedAddress(address)

/** @throws InvalidOptionError if it is neither a TCP multiaddr nor host:port. */
export const seedAddress = (seed: unknown): string => {
  if (typeof seed !== 'string') throw refused(seed)
  if (/^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+(\/p2p\/\w+)?$/.test(seed)) return seed
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(seed) ?? []
  const host = bracketed ?? plain
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw refused(seed)
  return `/${hostProtocol(host)}/${host}/tcp/${Number(port)}`
}

const refused = (seed: unknown): Error =>
  new InvalidOptionError('seeds', shown(seed), 'a TCP multiaddr, or host:port')

export const hostProtocol = (host: string): 'ip4' | 'ip6' | 'dns' => {
  if (isIPv4(host)) return 'ip4'
  return isIPv6(host) ? 'ip6' : 'dns'
}
