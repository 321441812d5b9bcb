import { isIPv4, isIPv6 } from 'node:net'
import { InvalidOptionError, listOf, shown } from '@grapevine/std'
import { limits } from '../limits.ts'
import { failureOf, systemResolver, type NameResolver } from './names.ts'
import type { Discovery, DiscoveryContext } from './discovery.ts'

/** Milliseconds between two look-ups of the names among the seeds. */
const interval = 5_000

/**
 * Finds members by addresses that are known beforehand: multiaddrs or `host:port`. A seed is asked again for
 * ever while it is not linked; it may be this node's own address, and need not be up. A name may have many addresses, one's own
 * among them, and others later: all are dialled.
 */
export const seeds = (addresses: readonly string[], resolver: NameResolver = systemResolver): Discovery => {
  const multiaddrs = listOf(seed, 0, limits.members)('seeds', addresses)
  return {
    type: 'active',
    name: 'seeds',
    start: (context) => {
      if (!multiaddrs.some(isNamed)) return context.found({ type: 'configured', addresses: multiaddrs })
      const resolve = resolving(context, multiaddrs, resolver)
      void resolve()
      const timer = setInterval(() => void resolve(), interval)
      context.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
    },
  }
}

const namePattern = /^\/dns[46]?\/([^/]+)(\/.*)$/

const isNamed = (address: string): boolean => namePattern.test(address)

/** Each name with the addresses that it has now, or had last; one without any is left to be tried as it is. */
const resolving = (
  { signal, found, tried }: DiscoveryContext,
  addresses: readonly string[],
  resolver: NameResolver,
): (() => Promise<void>) => {
  const known = new Map<string, readonly string[]>()
  const addressesOf = async (address: string): Promise<readonly string[]> => {
    const [, name, rest = ''] = namePattern.exec(address) ?? []
    if (name === undefined) return [address]
    try {
      const hosts = await resolver.lookup(name)
      const answers = hosts.map((host) => `/${hostProtocol(host)}/${host}${rest}`)
      known.set(address, answers)
      tried?.name({ name, answers })
    } catch (error) {
      tried?.name({ name, answers: known.get(address) ?? [], failure: failureOf(error) })
    }
    return known.get(address) ?? []
  }
  let isUnderWay = false
  return async () => {
    if (isUnderWay) return
    isUnderWay = true
    const all = await Promise.all(addresses.map(addressesOf))
    isUnderWay = false
    if (!signal.aborted) found({ type: 'configured', addresses: [...new Set(all.flat())] })
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
