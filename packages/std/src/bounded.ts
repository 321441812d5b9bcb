/** A map of at most so many entries: with one more, the entry that was set longest ago makes room. Setting renews. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly most: number

  /** @param most - entries, 0 or more; with 0 it stays empty */
  constructor(most: number) {
    super()
    this.most = most
  }

  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    evictOldest(this, this.most)
    return this
  }
}

/** A set of at most so many values: with one more, the value that was added longest ago makes room. Adding renews. */
export class BoundedSet<Value> extends Set<Value> {
  readonly most: number

  /** @param most - values, 0 or more; with 0 it stays empty */
  constructor(most: number) {
    super()
    this.most = most
  }

  override add(value: Value): this {
    this.delete(value)
    super.add(value)
    evictOldest(this, this.most)
    return this
  }
}

const evictOldest = <Key>(
  kept: { readonly size: number; keys(): Iterator<Key>; delete(key: Key): boolean },
  most: number,
): void => {
  if (kept.size <= most) return
  const oldest = kept.keys().next()
  if (oldest.done !== true) kept.delete(oldest.value)
}
