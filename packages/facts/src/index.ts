/**
 * A set of immutable facts in a Yjs map. Two sets merge by union, in any order; nothing is ever overwritten; an erasure
 * takes all that was said of a subject, before and after. The digest is equal on two members exactly when they hold
 * the same.
 *
 * ```ts
 * import { createFactSet, erasureOf, factOf } from '@grapevine/facts'
 * import * as Y from 'yjs'
 *
 * const notes = createFactSet({ doc: new Y.Doc(), root: 'notes' })
 * const [key] = notes.insert([factOf('ada', 'two pints of milk')])
 * console.log(key, notes.text(key ?? '')) // ada/.… two pints of milk
 * notes.insert([erasureOf('ada')])
 * console.log(notes.size) // 0
 * ```
 *
 * @module
 */

// The set
export { createFactSet, upkeepOrigin, type Change, type FactSet } from './fact-set.ts'
export type { FactSetOptions } from './config.ts'

// Facts and their keys
export {
  erasureOf,
  erasureText,
  factAt,
  factOf,
  hashOf,
  isErasure,
  keyOf,
  subjectOf,
  type Fact,
} from './fact.ts'
export { checkFact, gate, type Gate } from './gate.ts'
export { decodeFacts, encodeFacts, sizeOf } from './codec.ts'

// Comparing two sets
export type { Section } from './tree/section.ts'
export { idOf, pathLength, rangeSize, type Below } from './tree/tree.ts'

// What can go wrong
export { InvalidFactError } from './errors.ts'
