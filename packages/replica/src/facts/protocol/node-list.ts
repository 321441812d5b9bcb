import { idOf, type Below } from '@grapevine/facts'
import { bounds } from './bounds.ts'

/** Bytes of a hash of the tree, and of a key's hash in it, on the wire: 160 bits. */
export const hashBytes = 20

/** What lies below a path, as it travels. */
export type Node =
  | { readonly kind: 'keys'; readonly ids: Uint8Array }
  | { readonly kind: 'hashes'; readonly hashes: Uint8Array }

/** Of each path in turn: the byte 0, how many keys (1 byte), their hashes; or the byte 1 and the hashes of 16 children. */
export const encodeNodes = (nodes: readonly Below[]): Uint8Array => Buffer.concat(nodes.map(encodeNode))

const encodeNode = (node: Below): Uint8Array => {
  if (node.kind === 'keys')
    return Buffer.concat([Buffer.of(0, node.keys.length), ...node.keys.map((key) => idOf(key, hashBytes))])
  return Buffer.concat([Buffer.of(1), ...node.hashes.map((hash) => hash.subarray(0, hashBytes))])
}

/**
 * @param count - how many there must be
 * @throws RangeError
 */
export const decodeNodes = (bytes: Uint8Array, count: number): Node[] => {
  const nodes: Node[] = []
  for (let at = 0; at < bytes.length;) {
    if (nodes.length >= count) throw new RangeError(`asked for ${count} ranges, and got more`)
    const isKeys = bytes[at] === 0
    if (isKeys && (bytes[at + 1] ?? 0) > bounds.leaf) throw new RangeError('a leaf with too many keys')
    const start = at + (isKeys ? 2 : 1)
    at = start + (isKeys ? (bytes[at + 1] ?? 0) : 16) * hashBytes
    if (at > bytes.length) throw new RangeError('a node that ends before its declared length')
    const content = bytes.subarray(start, at)
    nodes.push(isKeys ? { kind: 'keys', ids: content } : { kind: 'hashes', hashes: content })
  }
  if (nodes.length < count) throw new RangeError(`asked for ${count} ranges, and got ${nodes.length}`)
  return nodes
}
