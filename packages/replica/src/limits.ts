/** Bounds; every foreign byte is held against them before it is decoded. */
export interface Limits {
  /** Bytes of one update that a member may send, and so of one value. */
  readonly update: number
  /** Bytes of one slice of a difference: about 3 ms of work for the receiver. */
  readonly slice: number
  /** Structs of one slice. */
  readonly sliceStructs: number
  /** Slices in one answer: each costs its receiver a piece of work, and all together one round trip. */
  readonly slicesPerAnswer: number
  /** Slices that are taken in at once, one member's: judged and applied one after the other, and on their way to disk. */
  readonly slicesUnderWay: number
  /** Structs that are looked at for one slice of deletes. */
  readonly deletesScan: number
  /** Bytes of one gossiped change; a larger one is left to anti-entropy. */
  readonly gossip: number
  /** Bytes of one message: an update and what describes it. */
  readonly message: number
  /** Bytes and number of gossiped changes that wait to be judged; more are dropped, and fetched later. */
  readonly waitingBytes: number
  readonly waiting: number
  /** Slices, or answers that hold some, in one exchange, so that it ends even with a peer that never says so. */
  readonly slices: number
  /** How long one request of an exchange may take, in milliseconds. */
  readonly requestTimeout: number
  /** How long an exchange of facts may take in all, in milliseconds, so that it ends also with a member that never does. */
  readonly exchange: number
  /** How long a member may hold the right to send a large difference without sending, in milliseconds. */
  readonly permit: number
  /** How long work may hold the event loop before it lets others go first, in milliseconds. */
  readonly turn: number
  /** Yjs draws client ids from 32 bits; a larger one was forged. */
  readonly clientId: number
  readonly clock: number
  /** Structs, authors and deletes in one update. */
  readonly structs: number
  readonly authors: number
  readonly deletes: number
  /** Items at the same place in one update. */
  readonly siblings: number
  /** Nesting of a value, and bytes of a key. */
  readonly depth: number
  readonly key: number
  /** Entries of a state vector that a member may send: one for each start of a process that wrote. */
  readonly vector: number
  /** Refusals within so many milliseconds after which a member is cut off, and for how long at first and at most. */
  readonly refusals: number
  readonly refusalWindow: number
  readonly shortestCutOff: number
  readonly longestCutOff: number
  /** Members whose refusals are remembered. */
  readonly records: number
  /** Exchanges in a row that end with equal state vectors and unequal content before it counts as divergence. */
  readonly patience: number
}

export const limits: Limits = {
  update: 1_048_576,
  slice: 32_768,
  sliceStructs: 2_048,
  slicesPerAnswer: 8,
  slicesUnderWay: 12,
  deletesScan: 50_000,
  gossip: 524_288,
  message: 2_097_152,
  waitingBytes: 8_388_608,
  waiting: 4_096,
  slices: 200_000,
  requestTimeout: 10_000,
  exchange: 120_000,
  permit: 3_000,
  turn: 5,
  clientId: 0xffff_ffff,
  clock: 17_592_186_044_416,
  structs: 16_384,
  authors: 4_096,
  deletes: 65_536,
  siblings: 512,
  depth: 64,
  key: 4_096,
  vector: 200_000,
  refusals: 8,
  refusalWindow: 10_000,
  shortestCutOff: 1_000,
  longestCutOff: 60_000,
  records: 1_024,
  patience: 3,
}
