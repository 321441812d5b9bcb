import * as Y from 'yjs'

/**
 * Follows what is written into the map by others than the set: an app that sets a key, a foreign update that is applied
 * to the document. What is new is entered; what was overwritten or deleted without an erasure is put back.
 */
export interface FollowedMap {
  /** The set itself is about to write this key. */
  expect(key: string): void
  close(): void
}

export interface FollowMapContext {
  readonly map: Y.Map<string>
  /** Whether the set took the key in. */
  readonly isEntered: (key: string) => boolean
  readonly isSpent: (key: string) => boolean
  readonly enter: (keys: readonly string[], origin: unknown) => void
  readonly restore: (entries: ReadonlyMap<string, string>) => void
}

export const followMap = ({ map, isEntered, isSpent, enter, restore }: FollowMapContext): FollowedMap => {
  const expected = new Set<string>()

  const observer = (event: Y.YMapEvent<string>, transaction: Y.Transaction): void => {
    const keys = [...event.keysChanged].flatMap((key) =>
      typeof key === 'string' && !expected.delete(key) ? [key] : [],
    )
    if (keys.length === 0) return
    const fresh = keys.filter((key) => map.has(key) && (isSpent(key) || !isEntered(key)))
    if (fresh.length > 0) enter(fresh, transaction.origin)
    // After the erasures that came along: what they took is not put back.
    const lost = keys.filter((key) => isEntered(key) && !isSpent(key) && hasLost(event, key))
    if (lost.length === 0) return
    for (const key of lost) expected.add(key)
    restore(new Map(lost.map((key) => [key, oldText(event, key)])))
  }
  const present = [...map.keys()]
  if (present.length > 0) enter(present, undefined)
  map.observe(observer)
  return {
    expect: (key) => expected.add(key),
    close: () => map.unobserve(observer),
  }
}

const hasLost = (event: Y.YMapEvent<string>, key: string): boolean => {
  const change = event.changes.keys.get(key)
  return change !== undefined && change.action !== 'add' && event.target.get(key) !== change.oldValue
}

const oldText = (event: Y.YMapEvent<string>, key: string): string => {
  const old: unknown = event.changes.keys.get(key)?.oldValue
  return typeof old === 'string' ? old : ''
}
