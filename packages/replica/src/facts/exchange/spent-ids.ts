import { idOf, subjectOf } from '@grapevine/facts'
import { BoundedMap } from '@grapevine/std'

/**
 * Whose a key was that an erasure took, by the first bytes of its hash: a member that was told of it before the erasure
 * may still ask for it, and is answered with the erasure.
 */
export interface SpentIds {
  add(keys: readonly string[]): void
  /** @param id - at least the first eight bytes of its hash @returns the subject */
  find(id: Uint8Array): string | undefined
}

const mostKeys = 16_384
const [idLength, fullLength] = [8, 20]

export const createSpentIds = (): SpentIds => {
  const spent = new BoundedMap<string, { readonly id: Uint8Array; readonly subject: string }>(mostKeys)
  const nameOf = (id: Uint8Array): string => Buffer.from(id.subarray(0, idLength)).toString('latin1')
  return {
    add: (keys) => {
      for (const key of keys.slice(-mostKeys)) {
        const id = idOf(key, fullLength)
        spent.set(nameOf(id), { id, subject: subjectOf(key) })
      }
    },
    // Eight bytes may be made to agree by somebody with time; all of them cannot.
    find: (id) => {
      const found = spent.get(nameOf(id))
      const isIt = found !== undefined && Buffer.compare(found.id.subarray(0, id.length), id) === 0
      return isIt ? found.subject : undefined
    },
  }
}
