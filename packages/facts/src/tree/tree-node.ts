import { hash } from 'node:crypto'
import { hashLength } from '../fact.ts'

export interface Branch {
  size: number
  /** Worked out when it is asked for. */
  hash: Uint8Array | undefined
  readonly children: (Node | undefined)[]
}

export interface Leaf {
  size: number
  hash: Uint8Array | undefined
  readonly keys: string[]
}

export type Node = Branch | Leaf

export const leafOf = (keys: string[]): Leaf => ({ size: keys.length, hash: undefined, keys })

export const keysOf = function* (node: Node | undefined): Generator<string> {
  if (node === undefined) return
  if ('keys' in node) yield* node.keys
  else for (const child of node.children) yield* keysOf(child)
}

/**
 * 32 zero bytes where nothing is; else SHA-256: of a leaf, the byte 0 and its keys in order, with line feeds between
 * them; of a branch, the byte 1 and the hashes of its 16 children.
 */
export const hashOfNode = (node: Node | undefined): Uint8Array => {
  if (node === undefined || node.size === 0) return nothing
  node.hash ??= 'keys' in node ? hashOfLeaf(node) : hashOfBranch(node)
  return node.hash
}

const nothing = new Uint8Array(32)

const hashOfLeaf = ({ keys }: Leaf): Uint8Array => {
  keys.sort()
  return hash('sha256', `\0${keys.join('\n')}`, 'buffer')
}

const hashOfBranch = ({ children }: Branch): Uint8Array =>
  hash('sha256', Buffer.concat([branchMark, ...children.map(hashOfNode)]), 'buffer')

const branchMark = Buffer.of(1)

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const bitsOf = new Uint8Array(128)
for (let index = 0; index < letters.length; index += 1) bitsOf[letters.charCodeAt(index)] = index

/** Four bits of the key's hash: three of them for each two characters of base64url. */
export const digitOf = (key: string, depth: number): number => {
  const at = key.length - hashLength + (((depth * 4) / 6) | 0)
  const six = bitsOf[key.charCodeAt(at)] ?? 0
  switch (depth % 3) {
    case 0:
      return six >> 2
    case 1:
      return ((six & 3) << 2) | ((bitsOf[key.charCodeAt(at + 1)] ?? 0) >> 4)
    default:
      return six & 15
  }
}
