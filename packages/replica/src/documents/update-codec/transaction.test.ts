import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { updateOf } from './transaction.ts'

const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key: fc.nat(5), value: fc.jsonValue() }),
  fc.record({ kind: fc.constant('unset' as const), key: fc.nat(5) }),
  fc.record({ kind: fc.constant('type' as const), at: fc.nat(50), text: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(50), length: fc.nat(9) }),
  fc.record({ kind: fc.constant('nest' as const), key: fc.nat(5) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const act = (doc: Y.Doc, each: Step): void => {
  const [map, text] = [doc.getMap('map'), doc.getText('text')]
  const at = 'at' in each ? Math.min(each.at, text.length) : 0
  if (each.kind === 'set') map.set(`${each.key}`, each.value)
  else if (each.kind === 'unset') map.delete(`${each.key}`)
  else if (each.kind === 'nest') map.set(`${each.key}`, new Y.Map([['in', each.key]]))
  else if (each.kind === 'type') text.insert(at, each.text)
  else text.delete(at, Math.min(each.length, text.length - at))
}

const receive = (doc: Y.Doc, text: string): void => {
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  other.getText('text').insert(0, text)
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
}

test('the update of a transaction is byte for byte the one that Yjs tells of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.array(step, { maxLength: 6 }), fc.string()), { maxLength: 8 }),
      (all) => {
        const doc = new Y.Doc()
        const [ours, theirs]: [Uint8Array[], Uint8Array[]] = [[], []]
        doc.on('update', (update: Uint8Array) => theirs.push(update))
        doc.on('afterTransactionCleanup', (transaction) => {
          const update = updateOf(transaction)
          if (update !== undefined) ours.push(update)
        })
        for (const steps of all) {
          if (typeof steps === 'string') receive(doc, steps)
          else doc.transact(() => steps.forEach((each) => act(doc, each)))
        }
        expect(ours).toEqual(theirs)
      },
    ),
  )
})
