/**
 * What every kind of document of facts must do, for whoever makes one: run each claim with a kind of one's own.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { factsContract } from '@grapevine/facts/contract'
 *
 * for (const { claim, check } of factsContract) test(claim, () => check({ open: openNotes }))
 * ```
 *
 * @module
 */
import assert from 'node:assert/strict'
import * as Y from 'yjs'
import { createFactSet, type FactSet } from '../fact-set.ts'
import { erasureOf, factOf, keyOf, type Fact } from '../fact.ts'

/** A kind of document whose content is facts. */
export interface FactsKind {
  /** Attaches a writer and a reader to an empty set. */
  open(set: FactSet): OpenedKind
}

export interface OpenedKind {
  /** Says something new of a new subject. @returns the subject */
  say(): string | Promise<string>
  /** All that is read, to be compared as JSON. */
  read(): unknown
}

/** One thing that every kind of document must do. */
export interface FactsClaim {
  readonly claim: string
  check(kind: FactsKind): Promise<void>
}

interface Node extends OpenedKind {
  readonly set: FactSet
}

const start = (kind: FactsKind): Node => {
  const set = createFactSet({ doc: new Y.Doc(), root: 'contract' })
  return { ...kind.open(set), set }
}

const factsOf = ({ set }: Node): readonly Fact[] =>
  [set.erasures, set.facts].flatMap((section) => [...section.keys()].flatMap((key) => set.fact(key) ?? []))

const seen = ({ read }: Node): unknown => JSON.parse(JSON.stringify(read()))

const textsOf = (node: Node): string[] =>
  factsOf(node).flatMap((fact) => (fact.mark === '.' ? [fact.text] : []))

/** The contract of {@link FactsKind}, for any test runner. */
export const factsContract: readonly FactsClaim[] = [
  {
    claim: 'what is said is facts of its subject, and is read',
    check: async (kind) => {
      const node = start(kind)
      const before = seen(node)
      const subject = await node.say()
      assert.ok(node.set.of(subject).length > 0, 'nothing is held of the subject')
      assert.equal(node.set.of(subject).length, node.set.size, 'something is held of somebody else')
      assert.notDeepEqual(seen(node), before)
    },
  },
  {
    claim: 'a text holds a random part: a hash tells nothing of it once it is gone',
    check: async (kind) => {
      const [one, other] = [start(kind), start(kind)]
      await one.say()
      await other.say()
      const texts = new Set(textsOf(one))
      assert.deepEqual(
        textsOf(other).filter((text) => texts.has(text)),
        [],
      )
    },
  },
  {
    claim: 'two documents merge by plain Y.applyUpdate in both directions, and read the same',
    check: async (kind) => {
      const [one, other] = [start(kind), start(kind)]
      for (const node of [one, other, one]) await node.say()
      const size = one.set.size + other.set.size
      const update = Y.encodeStateAsUpdate(one.set.doc)
      Y.applyUpdate(one.set.doc, Y.encodeStateAsUpdate(other.set.doc))
      Y.applyUpdate(other.set.doc, update)
      assert.equal(one.set.size, size)
      assert.equal(one.set.digest(), other.set.digest())
      assert.deepEqual(seen(one), seen(other))
    },
  },
  {
    claim: 'facts are read the same in whatever order they come',
    check: async (kind) => {
      const node = start(kind)
      for (let count = 0; count < 5; count += 1) await node.say()
      const [forwards, backwards] = [start(kind), start(kind)]
      for (const fact of factsOf(node)) forwards.set.insert([fact])
      for (const fact of factsOf(node).toReversed()) backwards.set.insert([fact])
      assert.deepEqual(seen(forwards), seen(node))
      assert.deepEqual(seen(backwards), seen(node))
    },
  },
  {
    claim: 'what is not understood is held and passed on, and changes nothing that is read',
    check: async (kind) => {
      const node = start(kind)
      const subject = await node.say()
      const before = seen(node)
      const strange = [
        '',
        'no JSON',
        '{}',
        '[]',
        'null',
        '{"kind":"of tomorrow","salt":"x"}',
        '{"__proto__":1}',
      ]
      const facts = strange.flatMap((text) => [factOf(subject, text), factOf('nobody', text)])
      node.set.insert(facts)
      assert.deepEqual(seen(node), before)
      for (const fact of facts) assert.ok(node.set.holds(keyOf(fact)))
    },
  },
  {
    claim: 'nothing is left of whoever is erased, nor read of what comes late',
    check: async (kind) => {
      const node = start(kind)
      await node.say()
      const before = seen(node)
      const gone = await node.say()
      const said = node.set.of(gone).flatMap((key) => node.set.fact(key) ?? [])
      node.set.insert([erasureOf(gone)])
      assert.deepEqual(seen(node), before)
      node.set.insert(said)
      assert.deepEqual(seen(node), before)
      const bytes = Buffer.from(Y.encodeStateAsUpdate(node.set.doc))
      for (const fact of said)
        if (fact.mark === '.') assert.ok(!bytes.includes(fact.text), 'a text is left in the document')
    },
  },
]
