import { factOf, hashOf, keyOf, type FactSet } from '@grapevine/koa'
import { parseEntryFact } from './entry.ts'

/**
 * What one account holds, another holds as well: each entry that is not removed, as it is. The same text under the same account is one
 * fact, so it does no harm to do it twice.
 */
export const joinEntries = (from: string, to: string, set: FactSet): void => {
  const facts = set.of(from).flatMap((key) => set.fact(key) ?? [])
  const said = facts.flatMap((fact) => {
    const content = fact.mark === '.' ? parseEntryFact(fact.text) : undefined
    return fact.mark === '.' && content !== undefined
      ? [{ id: hashOf(keyOf(fact)), text: fact.text, content }]
      : []
  })
  const removed = new Set(said.flatMap(({ content }) => (content.kind === 'removed' ? [content.entry] : [])))
  const kept = said.filter(({ id, content }) => content.kind === 'added' && !removed.has(id))
  set.insert(kept.map(({ text }) => factOf(to, text)))
}
