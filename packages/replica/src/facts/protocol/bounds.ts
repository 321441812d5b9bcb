/**
 * How much one message about a set may hold. Whoever sends more is no honest member: what it costs to read a message is
 * bounded by these, and not by its two megabytes.
 */
export const bounds = {
  /** Facts of one message. */
  facts: 4_096,
  /** Facts that are asked for at once, and that an answer has. */
  fetched: 1_024,
  /** Keys of one offer. */
  offered: 4_096,
  /** Ranges of a tree that are looked at for one request, and characters of all their paths. */
  paths: 64,
  pathsLength: 2_624,
  /** Keys of one leaf. */
  leaf: 32,
  /** Digits of a path below which nothing is split: 33 hashes that share 80 bits are beyond anybody's means. */
  depth: 20,
  /** Fields of one message, known and unknown. */
  fields: 64,
  /** Characters of an epoch. */
  epoch: 64,
} as const
