import './libp2p-patches/promise-with-resolvers.ts'
import { channel } from 'node:diagnostics_channel'
import { createHash } from 'node:crypto'
import { gossipsub, StrictNoSign, type GossipSub } from '@chainsafe/libp2p-gossipsub'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { limits } from '../limits.ts'
import { admittedNoise, type Admission } from './admission/admitted-noise.ts'
import { checkHooks } from './libp2p-patches/hooks.ts'
import { sturdyYamux } from './libp2p-patches/sturdy-yamux.ts'
import type { ConnectionGater, Libp2p, PeerDiscovery, PrivateKey } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'

export type Libp2pNode = Libp2p<{ pubsub: GossipSub }>

export interface NodeOptions {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  /** Told to others in place of the addresses that it listens on, if any. */
  readonly announce: readonly string[]
  readonly admission: Admission
  /** Names on the wire of the topics that are let in. */
  readonly topics: readonly string[]
  readonly discovery: readonly ((components: MulticastDNSComponents) => PeerDiscovery)[]
}

/**
 * A libp2p node that is not started yet. It announces itself on the diagnostics channel
 * `grapevine:membership` as `{ id, libp2p, gater }`, so that tools outside can watch or restrict it.
 */
export const createNode = async (options: NodeOptions): Promise<Libp2pNode> => {
  await checkHooks()
  const gater: ConnectionGater = {}
  const libp2p = await createLibp2p({
    start: false,
    privateKey: options.privateKey,
    addresses: { listen: [...options.listen], announce: [...options.announce] },
    transports: [tcp({ dialOpts, listenOpts })],
    connectionEncrypters: [admittedNoise(options.admission)],
    streamMuxers: [() => sturdyYamux()],
    connectionGater: gater,
    connectionManager: connectionManager,
    // SWIM probes the members itself.
    connectionMonitor: { enabled: false },
    peerDiscovery: [...options.discovery],
    services: { identify: identify(), pubsub: gossipsub(pubsubOptions(options.topics)) },
  })
  channel('grapevine:membership').publish({ id: libp2p.peerId.toString(), libp2p, gater })
  return libp2p
}

/** Milliseconds until a host that does not answer at all is given up: the next attempt gets through sooner. */
const connectTimeout = 1_000

/** `timeout` is Node's own option of `net.connect`, which libp2p passes on and handles. */
const dialOpts = { noDelay: true, timeout: connectTimeout }

/** `exclusive` is Node's own: workers of node:cluster would share one port, and get each other's connections. */
const listenOpts = { noDelay: true, exclusive: true }

/**
 * Milliseconds for Noise, admission and the rest. Long: a machine that is overloaded by handshakes must not
 * throw them away half done and begin again.
 */
const handshakeTimeout = 10_000

/** libp2p's defaults are those of an open network; these fit many members that start at once, also on one host. */
const connectionManager = {
  maxConnections: 2 * limits.members,
  // Joins come in bursts, and all from one address behind a NAT or on one machine.
  inboundConnectionThreshold: 256,
  // Idle sockets must not lock members out, and must not stay.
  maxIncomingPendingConnections: 512,
  inboundUpgradeTimeout: handshakeTimeout,
  dialTimeout: handshakeTimeout,
  addressDialTimeout: handshakeTimeout,
  maxParallelDials: limits.parallelDials,
  // Redialling is the protocol's own, for ever.
  reconnectRetries: 0,
}

const pubsubOptions = (topics: readonly string[]): Parameters<typeof gossipsub>[0] => ({
  allowedTopics: [...topics],
  allowPublishToZeroTopicPeers: true,
  emitSelf: false,
  fallbackToFloodsub: false,
  // The link has authenticated the sender already, and a signature costs more than the message.
  globalSignaturePolicy: StrictNoSign,
  // A peer that does not read is disconnected: see sturdyYamux.
  maxOutboundBufferSize: limits.publishBacklog,
  maxInboundDataLength: limits.publish + 1_024,
  // One message after the other, each when the one before was judged: so a flood waits with who sends it.
  awaitRpcHandler: true,
  awaitRpcMessageHandler: true,
  // The default id leaves the topic out, which makes equal bytes on two topics duplicates.
  msgIdFn: ({ topic, data }) => createHash('sha256').update(topic).update('\0').update(data).digest(),
  // Every member proved the secret; many on one address is normal here and would silence them all.
  scoreParams: { IPColocationFactorWeight: 0 },
})
