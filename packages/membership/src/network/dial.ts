import { type Log, reasonOf } from '@grapevine/std'
import './patches/promise-with-resolvers.ts'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Effect } from '../core/state/effect.ts'
import type { DialOutcome } from '../core/state/input.ts'
import type { Libp2pNode } from './node.ts'

const dialTimeout = 12_000

/** Dials the addresses of one target; where the peer is known, only that peer will do. */
export const dial = async (
  node: Libp2pNode,
  { addresses, peer }: Extract<Effect, { type: 'dial' }>,
  stopped: AbortSignal,
  log: Log,
): Promise<DialOutcome> => {
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(dialTimeout)])
    // The core dials for want of a link: a connection that libp2p still holds is dead, and must not stand in the way.
    const connection = await node.dial(dialable(addresses, peer), { signal, force: true })
    return { type: 'connected', peer: connection.remotePeer.toString() }
  } catch (error) {
    const reason = reasonOf(error)
    log.debug({ peer, addresses, reason }, 'a dial failed; it will be tried again')
    return isSelf(error) ? { type: 'self' } : { type: 'failed' }
  }
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
  error instanceof Error &&
  (/dial self/i.test(error.message) ||
    (error instanceof AggregateError && error.errors.length > 0 && error.errors.every(isSelf)))
