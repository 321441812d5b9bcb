import { isIPv4, isIPv6 } from 'node:net'
import {
  abortSignal,
  check,
  checkOptions,
  InvalidOptionError,
  listOf,
  optional,
  orElse,
  secretText,
  shapeOf,
  silentLog,
  textLike,
  wholeNumber,
  withMethods,
  type Checks,
  type Log,
} from '@grapevine/std'
import { mdns } from './discovery/mdns.ts'
import { ownProtocols } from './core/state/versions.ts'
import { limits } from './limits.ts'
import type { Discovery } from './discovery/discovery.ts'

/** All durations in milliseconds. Smaller ones notice sooner, accuse more wrongly, and cost more. */
export interface Timings {
  /** How often the protocol's clock advances; every other timing is rounded up to it. @default 100 */
  readonly tick: number
  /**
   * Between two probes: how soon a silent member is noticed, and most of the idle traffic. Longer, up to nine
   * times, while this node doubts its own health. Above `probeTimeout`. @default 400
   */
  readonly probeInterval: number
  /**
   * How long a probe waits for a direct answer, and again for an indirect one. Well above the network's round
   * trip: raise it where that exceeds 100 ms. Stretched as `probeInterval`. @default 300
   */
  readonly probeTimeout: number
  /** How many others are asked at first to probe a member that did not answer (SWIM's k). @default 3 */
  readonly indirectProbes: number
  /** Least time that a suspect has to refute, when several members accuse it; times log10(members). @default 2000 */
  readonly suspicionMin: number
  /** The same when only one member accuses it. At least `suspicionMin`. @default 3000 */
  readonly suspicionMax: number
  /** Between two rounds of gossip while there is news. @default 100 */
  readonly gossipInterval: number
  /** Members told in one round of gossip. @default 4 */
  readonly gossipFanout: number
  /** Between two comparisons of rosters with a random member, which repair what gossip missed. @default 5000 */
  readonly syncInterval: number
  /** First wait before an address is dialled again; doubles with each failure, jittered. @default 100 */
  readonly redialMin: number
  /** Longest wait before an address is dialled again, at most 5000; redialling never ends. @default 1500 */
  readonly redialMax: number
  /** After so much silence a link that should answer is closed and dialled anew; stretched as `probeInterval`. @default 1500 */
  readonly silentLink: number
  /** How long the one of two members with the higher id leaves the dial to the other: one handshake, not two. @default 300 */
  readonly courtesy: number
  /** How long a link beyond the overlay is kept. @default 5000 */
  readonly excessLink: number
  /** How long a member that is down counts in `view()` and is redialled. @default 86400000 (a day) */
  readonly forgetDown: number
  /** Up to so many members every one is linked to every other; a count. The same on all. @default 32 */
  readonly fullMesh: number
  /** In a larger cluster: links to the nearest on each side of the ring, who watch each other; a count. @default 6 */
  readonly neighbours: number
  /**
   * How long every member has to speak a newer version without a break until the upgrade is finalised without an operator.
   * @default Infinity: never
   */
  readonly finaliseAfter: number
}

export const defaultTimings: Timings = {
  tick: 100,
  probeInterval: 400,
  probeTimeout: 300,
  indirectProbes: 3,
  suspicionMin: 2_000,
  suspicionMax: 3_000,
  gossipInterval: 100,
  gossipFanout: 4,
  syncInterval: 5_000,
  redialMin: 100,
  redialMax: 1_500,
  silentLink: 1_500,
  courtesy: 300,
  excessLink: 5_000,
  forgetDown: 86_400_000,
  fullMesh: 32,
  neighbours: 6,
  finaliseAfter: Infinity,
}

export interface MembershipOptions {
  /** Name of the cluster. Members of other clusters are refused, whatever their secret. */
  readonly cluster: string
  /** Who proves one of these is admitted; the first is the current one. At least 16 characters each, 4 at most. */
  readonly secrets: readonly string[]
  /** This member's name, for people. @default a part of its id */
  readonly name?: string
  /** Folder for the member's key and incarnation, created if missing. @default none: a new identity at each start */
  readonly dataDir?: string
  /** Multiaddrs to listen on. @default ['/ip4/0.0.0.0/tcp/0'] */
  readonly listen?: readonly string[]
  /** Multiaddrs at which others reach this member from outside, told in place of those that it listens on. @default [] */
  readonly announce?: readonly string[]
  /** How other members are found; several at once. @default [mdns()] */
  readonly discovery?: readonly Discovery[]
  /** Told to every member. At most 16 entries, 64 characters a key, 512 a value. @default {} */
  readonly metadata?: Readonly<Record<string, string>>
  /** Topics that this member may publish and subscribe to; all others are refused from peers too. @default [] */
  readonly topics?: readonly string[]
  /** Peer ids that are admitted, if they know a secret as well. @default anybody who knows a secret */
  readonly allow?: readonly string[]
  /** Where the few things worth a line are written. @default nowhere */
  readonly log?: Log
  /** Ends the start: the promise rejects with its reason and nothing is left running. */
  readonly signal?: AbortSignal
  /** Versions of the app's gate for facts that this instance has; two members use the highest that both do. @default [1] */
  readonly gates?: readonly number[]
  /** What this instance can do beyond the protocol, by names that its app gives. @default [] */
  readonly features?: readonly string[]
  /** Advanced; every default is in {@link defaultTimings}. */
  readonly timings?: Partial<Timings>
}

const duration = check(
  (value): value is number => typeof value === 'number' && value > 0 && value < Infinity,
  'a number of milliseconds above 0',
)

const count = check(
  (value): value is number => Number.isSafeInteger(value) && Number(value) > 0,
  'a whole number from 1',
)

const durationOrNever = check(
  (value): value is number => typeof value === 'number' && value > 0,
  'a number of milliseconds above 0, or Infinity',
)

const timingChecks = {
  tick: orElse(duration, defaultTimings.tick),
  probeInterval: orElse(duration, defaultTimings.probeInterval),
  probeTimeout: orElse(duration, defaultTimings.probeTimeout),
  indirectProbes: orElse(count, defaultTimings.indirectProbes),
  suspicionMin: orElse(duration, defaultTimings.suspicionMin),
  suspicionMax: orElse(duration, defaultTimings.suspicionMax),
  gossipInterval: orElse(duration, defaultTimings.gossipInterval),
  gossipFanout: orElse(count, defaultTimings.gossipFanout),
  syncInterval: orElse(duration, defaultTimings.syncInterval),
  redialMin: orElse(duration, defaultTimings.redialMin),
  redialMax: orElse(duration, defaultTimings.redialMax),
  silentLink: orElse(duration, defaultTimings.silentLink),
  courtesy: orElse(duration, defaultTimings.courtesy),
  excessLink: orElse(duration, defaultTimings.excessLink),
  forgetDown: orElse(duration, defaultTimings.forgetDown),
  fullMesh: orElse(count, defaultTimings.fullMesh),
  neighbours: orElse(count, defaultTimings.neighbours),
  finaliseAfter: orElse(durationOrNever, defaultTimings.finaliseAfter),
} satisfies Checks<Partial<Timings>>

const timings = (option: string, value: unknown): Timings => {
  const all = checkOptions(value ?? {}, timingChecks, option)
  const atMost = (name: keyof Timings, most: number, allowed: string): void => {
    if (all[name] > most) throw new InvalidOptionError(`${option}.${name}`, String(all[name]), allowed)
  }
  atMost('redialMax', 5_000, 'at most 5000')
  atMost('redialMin', all.redialMax, `at most redialMax (${all.redialMax})`)
  atMost('suspicionMin', all.suspicionMax, `at most suspicionMax (${all.suspicionMax})`)
  atMost('probeTimeout', all.probeInterval, `at most probeInterval (${all.probeInterval})`)
  return all
}

const name = textLike(
  /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u,
  '1 to 64 letters, digits, dots, dashes, underscores',
)

/** Names are resolved by whoever dials, so they are no addresses to listen on. */
const listenAddress = check(
  (value): value is string => typeof value === 'string' && isListenAddress(value),
  'a TCP multiaddr with an IP address and a port to 65535, such as /ip4/0.0.0.0/tcp/4100',
)

const isListenAddress = (address: string): boolean => {
  const [, family, host = '', port] = /^\/(ip4|ip6)\/([^/]+)\/tcp\/(\d{1,5})$/.exec(address) ?? []
  return (family === 'ip4' ? isIPv4(host) : isIPv6(host)) && Number(port) <= 65_535
}

const announcedAddress = textLike(
  /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/,
  'a TCP multiaddr, such as /ip4/203.0.113.7/tcp/4100 or /dns/node-1.example/tcp/4100',
)

/** @throws InvalidOptionError that names the option */
export const checkMetadata = (option: string, value: unknown): Readonly<Record<string, string>> => {
  const allowed = `up to ${limits.metadata} texts, ${limits.metadataKey} characters a key, ${limits.metadataValue} a value`
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidOptionError(option, shapeOf(value), allowed)
  const entries = Object.entries(value)
  if (entries.length > limits.metadata)
    throw new InvalidOptionError(option, `${entries.length} entries`, allowed)
  return Object.fromEntries(
    entries.map(([key, text]: [string, unknown]) => {
      if (key.length <= limits.metadataKey && typeof text === 'string' && text.length <= limits.metadataValue)
        return [key, text]
      throw new InvalidOptionError(`${option}.${key.slice(0, limits.metadataKey)}`, shapeOf(text), allowed)
    }),
  )
}

const discovery = check(
  (value): value is Discovery =>
    typeof value === 'object' && value !== null && 'type' in value && isDiscoveryType(value.type),
  'what mdns(), seeds() or dns() return, or an object of your own of type "active"',
)

const isDiscoveryType = (type: unknown): boolean => type === 'active' || type === 'libp2p'

const checks = {
  cluster: name,
  secrets: listOf(secretText(limits.secretLength, limits.secretLongest), 1, limits.secrets),
  name: optional(name),
  dataDir: optional(check((value): value is string => typeof value === 'string' && value !== '', 'a folder')),
  listen: orElse(listOf(listenAddress, 1, limits.addresses), ['/ip4/0.0.0.0/tcp/0']),
  announce: orElse(listOf(announcedAddress, 0, limits.addresses), []),
  discovery: orElse(listOf(discovery, 0, limits.discoveries), [mdns()]),
  metadata: (option: string, value: unknown) => checkMetadata(option, value ?? {}),
  topics: orElse(listOf(textLike(/^.{1,256}$/su, 'text of 1 to 256 characters'), 0, limits.topics), []),
  allow: optional(
    listOf(textLike(/^[1-9A-HJ-NP-Za-km-z]{40,64}$/, 'a peer id as `self.id` gives it'), 0, limits.members),
  ),
  log: orElse(withMethods<Log>('debug', 'info', 'warn', 'error'), silentLog),
  gates: orElse(listOf(wholeNumber(1, 1_000_000), 1, limits.gates), [1]),
  features: orElse(
    listOf(textLike(/^[\w.:-]{1,64}$/, '1 to 64 letters, digits, dots, colons, dashes'), 0, limits.features),
    [],
  ),
  signal: optional(abortSignal),
  timings,
} satisfies Checks<MembershipOptions>

type Defaulted = 'listen' | 'announce' | 'gates' | 'features' | 'discovery' | 'metadata' | 'topics' | 'log'

/** Options that were checked, complete with their defaults. */
export interface Config
  extends Pick<MembershipOptions, 'cluster' | 'secrets'>, Pick<Required<MembershipOptions>, Defaulted> {
  readonly name: string | undefined
  readonly dataDir: string | undefined
  readonly allow: readonly string[] | undefined
  readonly signal: AbortSignal | undefined
  readonly timings: Timings
  /** Lowest and highest version of the protocol. */
  readonly protocols: readonly [number, number]
}

/** @throws InvalidOptionError for the first option that is unknown or not allowed; nothing was started */
export const checkedConfig = (options: MembershipOptions): Config => ({
  ...checkOptions(options, checks),
  protocols: ownProtocols,
})
