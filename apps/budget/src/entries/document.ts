import * as Y from 'yjs'
import { followBudgets, type Budgets } from './budgets.ts'
import { entriesRoot } from './entry.ts'
import { entriesPolicy } from './policy.ts'
import { removeEntries } from './removal.ts'
import type { DocumentOptions } from '@grapevine/koa'

/** The document of all budgets, and what is read from it. */
export interface EntriesDocument {
  readonly document: Required<DocumentOptions>
  readonly map: Y.Map<unknown>
  readonly budgets: Budgets
}

export const entriesDocument = (): EntriesDocument => {
  const doc = new Y.Doc()
  const map = doc.getMap<unknown>(entriesRoot)
  const budgets = followBudgets(map)
  return {
    map,
    budgets,
    document: {
      doc,
      policy: entriesPolicy(map, budgets),
      keptByUser: (user) => removeEntries(map, user, budgets.of(user).entries),
    },
  }
}
