import { idOf, subjectOf } from '@grapevine/facts'
import { BoundedMap } from '@grapevine/std'

/**
 * Whose a key was that an erasure took, by the first bytes of its hash: a member that was told of it before the erasure
 * may still ask for it, and is answered with the erasure.
 */
export interface SpentIds {
  add(keys: readonly string[]): void
  /** @returns the subject */
  find(id: Uint8Array): string | undefined
}

const mostKeys = 16_384
const idLength = 8

export const createSpentIds = (): SpentIds => {
  const subjects = new BoundedMap<string, string>(mostKeys)
  const nameOf = (id: Uint8Array): string => Buffer.from(id.subarray(0, idLength)).toString('latin1')
  return {
    add: (keys) => {
      for (const key of keys.slice(-mostKeys)) subjects.set(nameOf(idOf(key, idLength)), subjectOf(key))
    },
    find: (id) => subjects.get(nameOf(id)),
  }
}
