import { InvalidOptionError } from './errors.ts'
import type { Discovery } from './discovery/discovery.ts'
import type { Log } from './log.ts'

/** All durations in milliseconds. */
export interface Timings {
  /** How often the protocol's clock advances; every other timing is rounded up to it. @default 100 */
  readonly tick: number
  /** Between two probes of random members: how soon a silent member is noticed, and most of the idle traffic. @default 500 */
  readonly probeInterval: number
  /** How long a probe waits for a direct answer, and again for an indirect one. Above the network's round trip. @default 300 */
  readonly probeTimeout: number
  /** How many others are asked to probe a member that did not answer (SWIM's k). @default 3 */
  readonly indirectProbes: number
  /** How long a suspect has to refute; multiplied by log10(members), at least 1. @default 2000 */
  readonly suspicion: number
  /** Between two rounds of gossip while there is news. @default 100 */
  readonly gossipInterval: number
  /** Members told in one round of gossip. @default 4 */
  readonly gossipFanout: number
  /** Between two exchanges of the whole roster with a random member, which repairs what gossip missed. @default 15000 */
  readonly syncInterval: number
  /** First wait before an address is dialled again; doubles with each failure, jittered. @default 100 */
  readonly redialMin: number
  /** Longest wait before an address is dialled again; redialling never ends. @default 5000 */
  readonly redialMax: number
  /** How long a member that is down counts in `view()` and is redialled. @default 86400000 (a day) */
  readonly forgetDown: number
}

export const defaultTimings: Timings = {
  tick: 100,
  probeInterval: 500,
  probeTimeout: 300,
  indirectProbes: 3,
  suspicion: 2_000,
  gossipInterval: 100,
  gossipFanout: 4,
  syncInterval: 15_000,
  redialMin: 100,
  redialMax: 5_000,
  forgetDown: 86_400_000,
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
  /** Bytes of a request or a response. */
  request: 8_388_608,
  /** Bytes of one published message. */
  publish: 1_048_576,
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
  /** Where the few things worth a line are written. @default nowhere */
  readonly log?: Log
  /** Advanced; every default is in {@link defaultTimings}. */
  readonly timings?: Partial<Timings>
}

export const checkOptions = (options: MembershipOptions): void => {
  checkName('cluster', options.cluster)
  if (options.name !== undefined) checkName('name', options.name)
  checkSecrets(options.secrets)
  checkMetadata(options.metadata ?? {})
  for (const [name, value] of Object.entries(options.timings ?? {})) checkTiming(name, value)
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

const checkTiming = (name: string, value: unknown): void => {
  if (!(name in defaultTimings)) {
    throw new InvalidOptionError('timings', JSON.stringify(name), Object.keys(defaultTimings).join(', '))
  }
  if (typeof value !== 'number' || !(value > 0)) {
    throw new InvalidOptionError(`timings.${name}`, String(value), 'a number above 0')
  }
}
