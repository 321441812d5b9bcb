import { isError, reasonOf, type Log } from '@grapevine/std'
import './libp2p-patches/promise-with-resolvers.ts'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Effect } from '../core/state/effect.ts'
import type { Attempts, TriedAddress } from '../discovery/report.ts'
import type { DialOutcome } from '../core/state/input.ts'
import type { Libp2pNode } from './node.ts'

const dialTimeout = 12_000

/** Dials the addresses of one target; where the peer is known, only that peer will do. */
export const dial = async (
  node: Libp2pNode,
  { addresses, peer }: Extract<Effect, { type: 'dial' }>,
  stopped: AbortSignal,
  log: Log,
  tried: Pick<Attempts, 'address'>,
): Promise<DialOutcome> => {
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(dialTimeout)])
    // The core dials for want of a link: a connection that libp2p still holds is dead, and must not stand in the way.
    const connection = await node.dial(dialable(addresses, peer), { signal, force: true })
    tellAll(tried, addresses, { outcome: 'linked' })
    return { type: 'connected', peer: connection.remotePeer.toString() }
  } catch (error) {
    const reason = reasonOf(error)
    log.debug({ peer, addresses, reason }, 'a dial failed; it will be tried again')
    const outcome = isSelf(error) ? 'self' : 'failed'
    tellAll(tried, addresses, { outcome, ...(outcome === 'failed' ? { reason: inShort(reason) } : {}) })
    return { type: outcome }
  }
}

const tellAll = (
  tried: Pick<Attempts, 'address'>,
  addresses: readonly string[],
  what: Omit<TriedAddress, 'address'>,
): void => {
  for (const address of addresses) tried.address({ address, ...what })
}

/** The system's words, where they are among those of libp2p. */
const inShort = (reason: string): string => {
  const [code = ''] = /E[A-Z]{6,}/.exec(reason) ?? []
  return words[code] ?? reason.slice(0, 120)
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ECONNRESET: 'hung up',
  ETIMEDOUT: 'no answer',
}

/** Addresses come from peers and the network: what is no multiaddr, or names another peer, is left out. */
const dialable = (addresses: readonly string[], peer: string | undefined): Multiaddr[] =>
  addresses.flatMap((address) => {
    try {
      const suffix = peer === undefined || address.includes('/p2p/') ? '' : `/p2p/${peer}`
      return [multiaddr(address + suffix)]
    } catch {
      return []
    }
  })

const isSelf = (error: unknown): boolean =>
  isError(error) &&
  (/dial self/i.test(error.message) ||
    ('errors' in error &&
      Array.isArray(error.errors) &&
      error.errors.length > 0 &&
      error.errors.every(isSelf)))
