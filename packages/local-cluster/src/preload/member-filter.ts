import { isObject } from '../ipc/control-protocol.ts'

/** The little of libp2p that cutting a link needs, described by its shape: this package does not depend on libp2p. */
export interface PeerIdLike {
  toString(): string
}

export interface ConnectionLike {
  readonly remotePeer: PeerIdLike
  abort(error: Error): void
}

export interface Libp2pLike {
  getConnections(): ConnectionLike[]
  addEventListener(type: 'connection:open', listener: (event: { detail: ConnectionLike }) => void): void
}

/** All the moments at which libp2p asks its gater and knows the remote peer. */
const filters = [
  'denyDialPeer',
  'denyOutboundConnection',
  'denyInboundEncryptedConnection',
  'denyOutboundEncryptedConnection',
  'denyInboundUpgradedConnection',
  'denyOutboundUpgradedConnection',
] as const

type Gate = (peer: PeerIdLike, ...rest: unknown[]) => boolean | Promise<boolean>

/** The mutable object that libp2p was given as its `connectionGater`. */
export type GaterLike = { [name in (typeof filters)[number]]?: Gate }

/** What a program publishes, before its network starts, for each member that it holds. */
export interface Announcement {
  /** Its peer id. */
  readonly id: string
  readonly libp2p: Libp2pLike
  readonly gater: GaterLike
}

/** Decides whom the members of this process may talk to. */
export interface MemberFilter {
  /** From now on a member is subject to the list, at once and synchronously. */
  admit(member: Announcement): void
  /** Replaces the list; connections to those on it are aborted before this returns. */
  block(ids: Iterable<string>): void
}

export const createMemberFilter = (initial: Iterable<string> = []): MemberFilter => {
  let blocked: ReadonlySet<string> = new Set(initial)
  const networks: Libp2pLike[] = []
  const isBlocked = (peer: PeerIdLike): boolean => blocked.has(peer.toString())
  const abortIfBlocked = (connection: ConnectionLike): void => {
    if (isBlocked(connection.remotePeer)) connection.abort(new Error('partitioned by local-cluster'))
  }

  return {
    admit: ({ libp2p, gater }) => {
      for (const name of filters) close(gater, name, isBlocked)
      // A connection that had passed its last filter when the list changed opens after the sweep in `block`.
      libp2p.addEventListener('connection:open', (event) => abortIfBlocked(event.detail))
      for (const connection of libp2p.getConnections()) abortIfBlocked(connection)
      networks.push(libp2p)
    },
    block: (ids) => {
      blocked = new Set(ids)
      for (const network of networks)
        for (const connection of network.getConnections()) abortIfBlocked(connection)
    },
  }
}

const close = (gater: GaterLike, name: keyof GaterLike, isBlocked: (peer: PeerIdLike) => boolean): void => {
  const original = gater[name]
  gater[name] = (peer, ...rest) => isBlocked(peer) || (original?.call(gater, peer, ...rest) ?? false)
}

/** @throws TypeError saying what is missing: a fault that silently does nothing would make a test pass for nothing. */
export const checkAnnouncement: (message: unknown) => asserts message is Announcement = (message) => {
  if (!isObject(message)) throw new TypeError('an announced member must be an object { id, libp2p, gater }')
  const { id, libp2p, gater } = message
  if (typeof id !== 'string' || id === '')
    throw new TypeError('id: an announced member needs its peer id as a string')
  if (!isObject(gater))
    throw new TypeError('gater: an announced member needs the object given as connectionGater')
  const usable =
    isObject(libp2p) && ['getConnections', 'addEventListener'].every((name) => isFunction(libp2p[name]))
  if (!usable)
    throw new TypeError('libp2p: an announced member needs getConnections() and addEventListener()')
}

const isFunction = (value: unknown): boolean => typeof value === 'function'
