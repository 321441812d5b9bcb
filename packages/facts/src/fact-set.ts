import { hash } from 'node:crypto'
import { checkOptions, type FactSetOptions } from './config.ts'
import { factAt, isErasure, keyOf, subjectOf, textOf, type Fact } from './fact.ts'
import { checkFact } from './gate.ts'
import { createListeners } from './listeners.ts'
import { followMap } from './follow-map.ts'
import { createPurge } from './purge.ts'
import { createSection, type Section } from './tree/section.ts'
import { createSubjects } from './subjects.ts'
import type * as Y from 'yjs'

/** What became of a set in one step. */
export interface Change {
  /** What was taken in, erasures included, and is held. */
  readonly added: readonly Fact[]
  /** Subjects whose erasure was taken in: all else of them is spent. */
  readonly erased: readonly string[]
  /** Keys that were held before, and are spent now. */
  readonly spent: readonly string[]
  /** Who took it in: what `insert` was given, or the origin of the transaction that wrote into the map. */
  readonly origin: unknown
}

/**
 * A set of facts that only grows, but for erasures, shown as a `Y.Map` of texts by key. The set of keys is the truth and
 * the map its view: whatever else writes into the map, the set holds what it took in, and takes in what passes the gate.
 */
export interface FactSet {
  readonly doc: Y.Doc
  /** For reading and observing. */
  readonly map: Y.Map<string>
  /**
   * Takes facts in, those that are held already and those whose subject is erased left out.
   *
   * @returns the keys of what was not held before
   * @throws InvalidFactError: nothing was taken in
   */
  insert(facts: readonly Fact[], origin?: unknown): readonly string[]
  holds(key: string): boolean
  /** The text under a key that is held. */
  text(key: string): string | undefined
  fact(key: string): Fact | undefined
  /** The keys that are held of a subject. */
  of(subject: string): readonly string[]
  isErased(subject: string): boolean
  /** Facts that are held, erasures not counted. */
  readonly size: number
  /** 64 hex digits: equal on two members exactly when they hold the same. */
  digest(): string
  /**
   * Works out a part of the digest, so many hashes, so that asking for it holds nobody up after much has changed.
   *
   * @returns whether nothing of it is left
   */
  prepareDigest(most: number): boolean
  /** Keys that are spent and still to be deleted. */
  readonly purging: number
  readonly erasures: Section
  readonly facts: Section
  /** Told at once, within the transaction that took it in. @returns how to stop listening */
  onChange(listener: (change: Change) => void): () => void
  /** Something that is no fact was written into the map, and was taken out again. @returns how to stop listening */
  onRefused(listener: (error: unknown, key: string) => void): () => void
  /** Ceases to follow the map. */
  close(): void
}

/** Origin of the transactions that delete what is spent, and that put back what was deleted or overwritten. */
export const upkeepOrigin: unique symbol = Symbol('@grapevine/facts: upkeep')

/** @throws InvalidOptionError */
export const createFactSet = (options: FactSetOptions): FactSet => {
  const { doc, root, later, onListenerError } = checkOptions(options)
  const map = doc.getMap<string>(root)
  const subjects = createSubjects()
  const isSpent = (key: string): boolean => !isErasure(key) && subjects.isErased(subjectOf(key))
  const holds = (key: string): boolean => map.has(key) && !isSpent(key)
  const sections = { erasures: createSection(holds), facts: createSection(holds) }
  const sectionOf = (key: string) => (isErasure(key) ? sections.erasures : sections.facts)
  const changed = createListeners<[Change]>(onListenerError)
  const refused = createListeners<[unknown, string]>(onListenerError)
  const purge = createPurge({
    doc,
    map,
    later,
    origin: upkeepOrigin,
    forget: (key) => sectionOf(key).delete(key),
  })

  /** Enters what lies in the map; then what it erases goes. */
  const enter = (added: readonly { readonly key: string; readonly fact: Fact }[], origin: unknown): void => {
    for (const { key } of added) {
      subjects.add(key)
      sectionOf(key).add(key)
    }
    const erased = added.flatMap(({ fact }) => (fact.mark === '!' ? [fact.subject] : []))
    const spent = erased.flatMap(subjects.takeSpent)
    purge.add(spent)
    if (added.length > 0) changed.tell({ added: added.map(({ fact }) => fact), erased, spent, origin })
  }

  const view = followMap({
    map,
    isEntered: subjects.has,
    isSpent,
    enter: (keys, origin) => {
      const read = keys.flatMap((key) => readFrom(map, key, refused.tell))
      const good = read.filter(({ key }) => !isSpent(key))
      enter(
        good.filter(({ fact }) => fact.mark === '!'),
        origin,
      )
      enter(
        good.filter(({ key, fact }) => fact.mark === '.' && !isSpent(key)),
        origin,
      )
      purge.remove(keys.filter((key) => !subjects.has(key)))
    },
    restore: (entries) =>
      doc.transact(() => {
        for (const [key, text] of entries) map.set(key, text)
      }, upkeepOrigin),
  })

  const insert = (facts: readonly Fact[], origin?: unknown): readonly string[] => {
    const fresh = new Map<string, Fact>()
    for (const fact of facts) checkFact(fact)
    const erasing = new Set(facts.flatMap(({ mark, subject }) => (mark === '!' ? [subject] : [])))
    for (const fact of facts) {
      const key = keyOf(fact)
      const isGone = fact.mark === '.' && (erasing.has(fact.subject) || subjects.isErased(fact.subject))
      if (!isGone && !map.has(key)) fresh.set(key, fact)
    }
    if (fresh.size === 0) return []
    doc.transact(() => {
      for (const [key, fact] of fresh) {
        view.expect(key)
        map.set(key, textOf(fact))
      }
    }, origin)
    enter(
      [...fresh].map(([key, fact]) => ({ key, fact })),
      origin,
    )
    return [...fresh.keys()]
  }

  const text = (key: string): string | undefined => (isSpent(key) ? undefined : map.get(key))
  return {
    doc,
    map,
    insert,
    holds,
    text,
    fact: (key) => {
      const held = text(key)
      if (held === undefined) return undefined
      const subject = subjectOf(key)
      return isErasure(key) ? { mark: '!', subject } : { mark: '.', subject, text: held }
    },
    of: (subject) => subjects.of(subject),
    isErased: subjects.isErased,
    get size() {
      return sections.facts.size - purge.waiting
    },
    digest: () => hash('sha256', Buffer.concat([sections.erasures.root(), sections.facts.root()]), 'hex'),
    prepareDigest: (most) => sections.erasures.prepare(most) && sections.facts.prepare(most),
    get purging() {
      return purge.waiting
    },
    ...sections,
    onChange: changed.add,
    onRefused: refused.add,
    close: () => {
      view.close()
      changed.clear()
      refused.clear()
    },
  }
}

/** What an app or an update of the document has put into the map is held against the gate. */
const readFrom = (
  map: Y.Map<string>,
  key: string,
  refused: (error: unknown, key: string) => void,
): readonly { readonly key: string; readonly fact: Fact }[] => {
  try {
    return [{ key, fact: factAt(key, map.get(key)) }]
  } catch (error) {
    refused(error, key)
    return []
  }
}
