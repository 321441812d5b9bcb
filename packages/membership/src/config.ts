import { InvalidOptionError } from './errors.ts'
import type { Discovery } from './discovery/discovery.ts'
import type { Log } from './log.ts'

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
}

/** Bounds of what is accepted from peers and options. */
export const limits = {
  /** Members in one cluster. */
  members: 1_024,
  /** UTF-16 units of a member's or cluster's name. */
  name: 64,
  /** Addresses of one member, and characters of each. */
  addresses: 16,
  addressLength: 256,
  /** Metadata entries of one member, characters of a key and of a value. */
  metadata: 16,
  metadataKey: 64,
  metadataValue: 512,
  /** Bytes of one message of the membership protocol. */
  controlMessage: 4_194_304,
  /** Bytes of membership messages that wait for one slow peer; more are dropped. */
  sendQueue: 8_388_608,
  /** Bytes of a request or a response. */
  request: 8_388_608,
  /** Bytes of one published message. */
  publish: 1_048_576,
  /** Bytes published that wait for one slow peer; with more it is disconnected. */
  publishBacklog: 16_777_216,
  /** Requests of one member that are being answered at once. */
  requestsPerMember: 64,
  /** Secrets that are accepted at once, for rotation. */
  secrets: 4,
  /** Characters of a secret, at least. */
  secretLength: 16,
  /** Targets under dial at once. */
  parallelDials: 16,
  /** Peers heard of by discovery that are not members (anybody on the LAN can announce anything). */
  strangers: 256,
} as const

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
  /** Advanced; every default is in {@link defaultTimings}. */
  readonly timings?: Partial<Timings>
}

export const checkOptions = (options: MembershipOptions): void => {
  checkName('cluster', options.cluster)
  if (options.name !== undefined) checkName('name', options.name)
  checkSecrets(options.secrets)
  checkMetadata(options.metadata ?? {})
  checkAllowed(options.allow ?? [])
  checkTimings({ ...defaultTimings, ...options.timings })
}

const checkAllowed = (allow: readonly string[]): void => {
  const wrong = allow.find((peer) => !/^[1-9A-HJ-NP-Za-km-z]{40,64}$/.test(peer))
  if (wrong !== undefined) {
    throw new InvalidOptionError('allow', JSON.stringify(wrong), 'peer ids as `self.id` gives them')
  }
}

const checkName = (option: string, name: string): void => {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name)) {
    throw new InvalidOptionError(
      option,
      JSON.stringify(name),
      '1 to 64 letters, digits, dots, dashes, underscores',
    )
  }
}

const checkSecrets = (secrets: readonly string[]): void => {
  if (secrets.length < 1 || secrets.length > limits.secrets) {
    throw new InvalidOptionError('secrets', `${secrets.length} secrets`, `1 to ${limits.secrets}`)
  }
  const short = secrets.find((secret) => secret.length < limits.secretLength)
  if (short !== undefined) {
    throw new InvalidOptionError(
      'secrets',
      `one of ${short.length} characters`,
      `at least ${limits.secretLength} characters, random`,
    )
  }
}

export const checkMetadata = (metadata: Readonly<Record<string, string>>): void => {
  const entries = Object.entries(metadata)
  const tooLong = entries.find(
    ([key, value]) => key.length > limits.metadataKey || value.length > limits.metadataValue,
  )
  if (entries.length > limits.metadata || tooLong !== undefined) {
    throw new InvalidOptionError(
      'metadata',
      tooLong === undefined
        ? `${entries.length} entries`
        : `entry ${JSON.stringify(tooLong[0].slice(0, 80))}`,
      `${limits.metadata} entries, ${limits.metadataKey} characters a key, ${limits.metadataValue} a value`,
    )
  }
}

const checkTimings = (timings: Timings): void => {
  for (const [name, value] of Object.entries(timings)) checkTiming(name, value)
  const { suspicionMin, suspicionMax, redialMin, redialMax, probeTimeout, probeInterval } = timings
  atMost('redialMax', redialMax, 5_000, 'at most 5000')
  atMost('redialMin', redialMin, redialMax, `at most redialMax (${redialMax})`)
  atMost('suspicionMin', suspicionMin, suspicionMax, `at most suspicionMax (${suspicionMax})`)
  atMost('probeTimeout', probeTimeout, probeInterval, `at most probeInterval (${probeInterval})`)
}

const atMost = (name: keyof Timings, value: number, most: number, allowed: string): void => {
  if (value > most) throw new InvalidOptionError(`timings.${name}`, String(value), allowed)
}

const checkTiming = (name: string, value: unknown): void => {
  if (!(name in defaultTimings)) {
    throw new InvalidOptionError('timings', JSON.stringify(name), Object.keys(defaultTimings).join(', '))
  }
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) {
    throw new InvalidOptionError(`timings.${name}`, String(value), 'a number above 0')
  }
}
