import { randomBytes } from 'node:crypto'
import { entryKey, removalKey, removed } from './entry.ts'
import type * as Y from 'yjs'

/** 22 characters that nobody else draws. */
export const randomId = (): string => randomBytes(16).toString('base64url')

/**
 * In one transaction of the caller: the fact that it was removed and the loss of the content belong together, so that
 * no member ever sees one without the other.
 */
export const removeEntries = (
  map: Y.Map<unknown>,
  user: string,
  entries: readonly { readonly id: string }[],
): void => {
  for (const { id } of entries) {
    map.set(removalKey(user, id, randomId()), removed)
    map.delete(entryKey(user, id))
  }
}
