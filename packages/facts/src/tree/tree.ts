import { hashOf } from '../fact.ts'
import { digitOf, hashOfNode, keysOf, leafOf, type Branch, type Node } from './tree-node.ts'

/**
 * A Merkle tree over a set of keys (R. Merkle 1987), as a prefix tree over their hashes: 16 children, and a range of
 * more than 32 keys is split. Its shape is a function of the set, so equal roots mean equal sets, and two that differ
 * find what only one has by going down where hashes differ.
 */
export interface Tree {
  readonly size: number
  add(key: string): void
  delete(key: string): void
  /** SHA-256 of all keys: 32 bytes. */
  root(): Uint8Array
  /** Works out so many hashes of those that {@link root} would have to. @returns whether none is left */
  prepare(most: number): boolean
  /** What lies below a path: hex digits, the first four bits of a hash first. */
  below(path: string): Below
  /** A key whose hash begins with these bytes. */
  find(prefix: Uint8Array): string | undefined
}

export type Below =
  /** All keys of the range, 32 at the most. */
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** The range is split: the hash of each of its 16 children. */
  | { readonly kind: 'hashes'; readonly hashes: readonly Uint8Array[] }

/** Keys of a range that is not split. */
export const rangeSize = 32

/** Digits of a path: as many as a hash of 160 bits has. Deeper nobody splits. */
export const pathLength = 40

export const createTree = (): Tree => {
  let top: Node = leafOf([])
  return {
    get size() {
      return top.size
    },
    add: (key) => {
      top = added(top, key, 0)
    },
    delete: (key) => {
      top = removed(top, key, 0)
    },
    root: () => hashOfNode(top),
    prepare: (most) => prepare(top, { left: most }),
    below: (path) => belowNode(top, path),
    find: (prefix) => find(top, prefix),
  }
}

const added = (node: Node, key: string, depth: number): Node => {
  node.hash = undefined
  node.size += 1
  if ('keys' in node) {
    node.keys.push(key)
    return node.size > rangeSize && depth < pathLength ? split(node.keys, depth) : node
  }
  const digit = digitOf(key, depth)
  node.children[digit] = added(node.children[digit] ?? leafOf([]), key, depth + 1)
  return node
}

const split = (keys: readonly string[], depth: number): Branch => {
  const children: (Node | undefined)[] = Array.from({ length: 16 }, () => undefined)
  for (const key of keys) {
    const digit = digitOf(key, depth)
    children[digit] = added(children[digit] ?? leafOf([]), key, depth + 1)
  }
  return { size: keys.length, hash: undefined, children }
}

/** @returns the node, as a leaf if it is small enough for one now */
const removed = (node: Node, key: string, depth: number): Node => {
  if ('keys' in node) {
    const at = node.keys.indexOf(key)
    if (at < 0) return node
    const last = node.keys.pop()
    if (last !== undefined && at < node.keys.length) node.keys[at] = last
  } else {
    const digit = digitOf(key, depth)
    const child = node.children[digit]
    if (child === undefined) return node
    const before = child.size
    const after = removed(child, key, depth + 1)
    node.children[digit] = after.size === 0 ? undefined : after
    if (after.size === before) return node
  }
  node.hash = undefined
  node.size -= 1
  return 'children' in node && node.size <= rangeSize ? leafOf([...keysOf(node)]) : node
}

const prepare = (node: Node, budget: { left: number }): boolean => {
  if (node.hash !== undefined || node.size === 0) return true
  if ('children' in node)
    for (const child of node.children) if (child !== undefined && !prepare(child, budget)) return false
  if (budget.left === 0) return false
  budget.left -= 1
  hashOfNode(node)
  return true
}

const belowNode = (top: Node, path: string): Below => {
  let node: Node = top
  for (let depth = 0; depth < path.length && 'children' in node; depth += 1)
    node = node.children[Number.parseInt(path.charAt(depth), 16)] ?? leafOf([])
  if ('children' in node) return { kind: 'hashes', hashes: node.children.map(hashOfNode) }
  return { kind: 'keys', keys: node.keys.filter((key) => isBelow(key, path)) }
}

const isBelow = (key: string, path: string): boolean => {
  for (let depth = 0; depth < path.length; depth += 1)
    if (Number.parseInt(path.charAt(depth), 16) !== digitOf(key, depth)) return false
  return true
}

const find = (top: Node, prefix: Uint8Array): string | undefined => {
  const path = Buffer.from(prefix).toString('hex')
  let node: Node | undefined = top
  for (let depth = 0; node !== undefined && 'children' in node && depth < path.length; depth += 1)
    node = node.children[Number.parseInt(path.charAt(depth), 16)]
  for (const key of keysOf(node)) if (isBelow(key, path)) return key
  return undefined
}

/** The first bytes of a key's hash, up to 20. */
export const idOf = (key: string, bytes: number): Uint8Array =>
  Buffer.from(hashOf(key), 'base64url').subarray(0, bytes)
