import '../promise-with-resolvers.ts'
import { channel } from 'node:diagnostics_channel'
import { createHash } from 'node:crypto'
import { gossipsub, StrictNoSign, type GossipSub } from '@chainsafe/libp2p-gossipsub'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { limits } from '../config.ts'
import { admittedNoise } from './admitted-noise.ts'
import { sturdyYamux } from './sturdy-yamux.ts'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import type { Discovery, DiscoveryContext } from '../discovery/discovery.ts'

export type Node = Libp2p<{ pubsub: GossipSub }>

export interface NodeOptions {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly keys: readonly Uint8Array[]
  /** Names on the wire of the topics that are let in. */
  readonly topics: readonly string[]
  readonly discovery: readonly Discovery[]
  readonly context: DiscoveryContext
  readonly onRefused: (peer: string) => void
}

/**
 * A libp2p node that is not started yet. It announces itself on the diagnostics channel
 * `grapevine:membership` as `{ id, libp2p, gater }`, so that tools outside can watch or restrict it.
 */
export const createNode = async (options: NodeOptions): Promise<Node> => {
  const gater: ConnectionGater = {}
  const libp2p = await createLibp2p({
    start: false,
    privateKey: options.privateKey,
    addresses: { listen: [...options.listen] },
    transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } })],
    connectionEncrypters: [admittedNoise(options.keys, options.onRefused)],
    streamMuxers: [sturdyYamux()],
    connectionGater: gater,
    connectionManager: connectionManager,
    // SWIM probes the members itself.
    connectionMonitor: { enabled: false },
    peerDiscovery: options.discovery.flatMap((discovery) =>
      discovery.type === 'libp2p' ? [discovery.create(options.context)] : [],
    ),
    services: { identify: identify(), pubsub: gossipsub(pubsubOptions(options.topics)) },
  })
  channel('grapevine:membership').publish({ id: libp2p.peerId.toString(), libp2p, gater })
  return libp2p
}

/** libp2p's defaults are those of an open network; these fit many members that start at once, also on one host. */
const connectionManager = {
  maxConnections: 2 * limits.members,
  // Joins come in bursts, and all from one address behind a NAT or on one machine.
  inboundConnectionThreshold: 256,
  // Idle sockets must not lock members out, and must not stay.
  maxIncomingPendingConnections: 512,
  inboundUpgradeTimeout: 5_000,
  dialTimeout: 5_000,
  addressDialTimeout: 2_000,
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
  maxInboundDataLength: limits.publish + 1_024,
  // The default id leaves the topic out, which makes equal bytes on two topics duplicates.
  msgIdFn: ({ topic, data }) => createHash('sha256').update(topic).update('\0').update(data).digest(),
  // Every member proved the secret; many on one address is normal here and would silence them all.
  scoreParams: { IPColocationFactorWeight: 0 },
})
