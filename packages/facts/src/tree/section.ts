import { createSequence } from './sequence.ts'
import { createTree, type Tree } from './tree.ts'

/**
 * Half of a set: its erasures, or all else. Two members compare the erasures first, so that none of them asks for what is
 * to go.
 */
export interface Section extends Pick<Tree, 'size' | 'root' | 'below' | 'find'> {
  /** How many were taken in since the set was made, those that went again counted too. */
  readonly position: number
  /** What was taken in after a position and is still held, oldest first: so many, and the position reached with them. */
  since(position: number, most: number): { readonly keys: readonly string[]; readonly position: number }
  /** All keys, in the order in which they were taken in. Follows what changes meanwhile. */
  keys(): Iterable<string>
}

export interface OpenSection extends Section {
  add(key: string): void
  delete(key: string): void
  /** @see Tree.prepare */
  prepare(most: number): boolean
}

export const createSection = (holds: (key: string) => boolean): OpenSection => {
  const tree = createTree()
  const sequence = createSequence(holds)
  return {
    get size() {
      return tree.size
    },
    get position() {
      return sequence.position
    },
    root: tree.root,
    prepare: tree.prepare,
    below: tree.below,
    find: tree.find,
    since: sequence.since,
    keys: sequence.keys,
    add: (key) => {
      tree.add(key)
      sequence.add(key)
    },
    delete: (key) => {
      tree.delete(key)
      sequence.gone()
    },
  }
}
