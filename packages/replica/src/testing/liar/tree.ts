import { createHash } from 'node:crypto'
import { idOf, keyOf, type RawFact } from './bytes.ts'

/** The Merkle tree of docs/protocol.md, worked out anew each time: a liar has few facts and much time. */
export interface Ranged {
  readonly path: string
  readonly key: string
  readonly id: Buffer
}

export const rangedOf = (fact: RawFact): Ranged => {
  const id = idOf(fact, 20)
  return { path: id.toString('hex'), key: keyOf(fact), id }
}

const most = 32
const digits = Array.from({ length: 16 }, (_, digit) => digit.toString(16))

export const hashOfRange = (keys: readonly Ranged[], depth = 0): Buffer => {
  if (keys.length === 0) return Buffer.alloc(32)
  if (keys.length <= most || depth === 40) {
    const lines = keys.map(({ key }) => key).sort()
    return createHash('sha256')
      .update(`\0${lines.join('\n')}`)
      .digest()
  }
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...childrenOf(keys, depth)]))
    .digest()
}

const childrenOf = (keys: readonly Ranged[], depth: number): Buffer[] =>
  digits.map((digit) =>
    hashOfRange(
      keys.filter(({ path }) => path.charAt(depth) === digit),
      depth + 1,
    ),
  )

export const leafNode = (ids: readonly Buffer[]): Buffer => Buffer.concat([Buffer.of(0, ids.length), ...ids])

export const branchNode = (hashes: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.of(1), ...hashes.map((hash) => hash.subarray(0, 20))])

/** What lies below a path, as an answer to `descend` has it. */
export const nodeAt = (keys: readonly Ranged[], path: string): Buffer => {
  const within = keys.filter((key) => key.path.startsWith(path))
  if (within.length > most && path.length < 40) return branchNode(childrenOf(within, path.length))
  return leafNode(within.map(({ id }) => id))
}
