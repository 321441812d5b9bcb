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
  /** A member's incarnation: milliseconds since 1970 at its start, and one more for each refutation. */
  incarnation: 140_737_488_355_328,
  /** One that no key proves, as those of version 0: until the year 2248. */
  unprovenIncarnation: 8_796_093_022_208,
  /** Secrets that are accepted at once, for rotation. */
  secrets: 4,
  /** Characters of a secret, at least and at most. */
  secretLength: 16,
  secretLongest: 1_024,
  /** Features of one member, characters of each, and gates. */
  features: 64,
  featureLength: 64,
  gates: 64,
  /** Topics of one member. */
  topics: 256,
  /** Discoveries at once. */
  discoveries: 16,
  /** Targets under dial at once. */
  parallelDials: 16,
  /** Peers heard of by discovery that are not members (anybody on the LAN can announce anything). */
  strangers: 256,
} as const
