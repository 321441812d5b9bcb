import '../promise-with-resolvers.ts'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { monotonic, sleep } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'
import { recordOf, type StoredUser } from '../../users.ts'
import type { Stream } from '@libp2p/interface'
import type { Range } from './cluster-node.ts'

/** One end of a plain libp2p stream (TCP, Noise, yamux), kept open; what it carries is a user as JSON. */
export interface StreamNodeCalls {
  start(): Promise<{ readonly address: string }>
  dial(address: string): Promise<void>
  /** @returns when each was begun, by name */
  changes(options: Range & { readonly pause: number }): Promise<ReadonlyMap<string, number>>
  arrivals(): ReadonlyMap<string, number>
  forget(): void
}

const protocol = '/bench/users/1'
const arrivals = new Map<string, number>()
let node: Libp2p | undefined
let stream: Stream | undefined

/** One message at a time is under way, and each fits one frame: there is nothing to be put together. */
const take = (bytes: Uint8Array): void => {
  const { username }: StoredUser = JSON.parse(Buffer.from(bytes).toString())
  arrivals.set(username, monotonic())
}

serve<StreamNodeCalls>({
  start: async () => {
    node = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } })],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
    })
    await node.handle(protocol, (incoming) => {
      incoming.addEventListener('message', ({ data }) => take(data.subarray()))
    })
    return { address: node.getMultiaddrs()[0]?.toString() ?? '' }
  },
  dial: async (address) => {
    stream = await node?.dialProtocol(multiaddr(address), protocol)
  },
  changes: async ({ from, count, pause }) => {
    if (stream === undefined) throw new Error('not dialled')
    const begun = new Map<string, number>()
    for (let index = from; index < from + count; index += 1) {
      const user = recordOf(index)
      begun.set(user.username, monotonic())
      stream.send(Buffer.from(JSON.stringify(user)))
      await sleep(pause)
    }
    return begun
  },
  arrivals: () => arrivals,
  forget: () => arrivals.clear(),
})
