import { createHash, randomBytes } from 'node:crypto'
import { checkOptions, orElse, reasonOf, wholeNumber, type Checks } from '@grapevine/std'
import { isPrivate } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import multicastDns from 'multicast-dns'
import { withOwnSockets } from './own-socket.ts'
import { openResponder } from './responder.ts'
import type { Discovery, DiscoveryContext } from './discovery.ts'

export interface MdnsOptions {
  /** Milliseconds between two queries. @default 5000 */
  readonly interval?: number
}

const checks = { interval: orElse(wholeNumber(100, 3_600_000), 5_000) } satisfies Checks<MdnsOptions>

/**
 * Finds members on the local network by multicast DNS (RFC 6762), in the words of libp2p's specification. Needs no
 * configuration; reaches as far as multicast does. The service tag comes from the cluster's name, so that clusters (and other
 * libp2p programs) on one network do not hear each other.
 */
export const mdns = (options: MdnsOptions = {}): Discovery => {
  const { interval } = checkOptions(options, checks, 'mdns')
  return { type: 'active', name: 'mdns', start: (context) => start(context, interval) }
}

const start = (context: DiscoveryContext, interval: number): void => {
  const { cluster, log, signal } = context
  const tag = serviceTag(cluster)
  const socket = withOwnSockets(() => multicastDns())
  const name = `${randomBytes(16).toString('hex')}.${tag}`
  const responder = openResponder({
    interval,
    now: () => performance.now(),
    after: (milliseconds, work) => void setTimeout(work, milliseconds),
    ask: () => socket.query({ questions: [{ name: tag, type: 'PTR' }] }),
    answer: () => {
      const records = signal.aborted ? [] : recordsOf(context)
      if (records.length === 0) return
      const pointer = { name: tag, type: 'PTR' as const, class: 'IN' as const, ttl, data: name }
      const texts = records.map((data) => ({
        name,
        type: 'TXT' as const,
        class: 'IN' as const,
        ttl,
        data,
      }))
      socket.respond({ answers: [pointer, ...texts] })
    },
  })
  socket.on('query', ({ questions = [] }) => {
    if (questions.some((question) => question.name === tag)) responder.asked()
  })
  socket.on('response', ({ answers = [], additionals = [] }) => {
    if (answers.some((answer) => answer.type === 'PTR' && answer.name === tag))
      hear(context, [...answers, ...additionals])
  })
  const onTrouble = (error: unknown): void => log.debug({ reason: reasonOf(error) }, 'multicast DNS failed')
  socket.on('error', onTrouble)
  socket.on('warning', onTrouble)
  const clock = setInterval(responder.tick, interval)
  signal.addEventListener('abort', () => {
    clearInterval(clock)
    socket.destroy()
  })
  responder.begin()
}

/** Seconds for which an answer may be kept (RFC 6762, section 10 has it for records of hosts). */
const ttl = 120

/** The longest text of a record (RFC 6763, section 6.1). */
const longestText = 255

const prefix = 'dnsaddr='

/** Only what is reached without a router is told, as libp2p's specification demands. */
const recordsOf = ({ self }: DiscoveryContext): string[] => {
  const { id, addresses } = self()
  return addresses
    .filter((address) => isPrivate(multiaddr(address)))
    .map((address) => `${prefix}${address}${address.includes('/p2p/') ? '' : `/p2p/${id}`}`)
    .filter(({ length }) => length <= longestText)
}

interface Heard {
  readonly type: string
  readonly data?: unknown
}

/** Anybody on the network may say anything: what is no address of a peer is left out. */
const hear = ({ self, found }: DiscoveryContext, records: readonly Heard[]): void => {
  const told = records.flatMap(({ type, data }) => (type === 'TXT' ? textsOf(data) : [])).flatMap(addressOf)
  const [first] = told
  if (first === undefined || first.peer === self().id) return
  const addresses = told.filter(({ peer }) => peer === first.peer).map(({ address }) => address)
  found({ type: 'announced', peer: first.peer, addresses })
}

const textsOf = (data: unknown): string[] =>
  (Array.isArray(data) ? data : [data]).flatMap((text: unknown) =>
    typeof text === 'string' || text instanceof Uint8Array ? [text.toString()] : [],
  )

const addressOf = (text: string): { readonly address: string; readonly peer: string }[] => {
  const [, address, peer] = /^dnsaddr=(\/\S+)\/p2p\/([1-9A-HJ-NP-Za-km-z]{40,64})$/.exec(text) ?? []
  return address === undefined || peer === undefined ? [] : [{ address, peer }]
}

/** A DNS label of at most 15 characters (RFC 6763, 7.2) that tells the name to nobody who does not know it. */
export const serviceTag = (cluster: string): string =>
  `_gv-${createHash('sha256').update(`grapevine mdns ${cluster}`).digest('hex').slice(0, 11)}._udp.local`
