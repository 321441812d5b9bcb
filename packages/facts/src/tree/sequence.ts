/** Keys in the order in which they were taken in, each with its position. What went leaves no room behind for long. */
export interface Sequence {
  readonly position: number
  add(key: string): void
  /** One of them is not held any more. */
  gone(): void
  since(position: number, most: number): { readonly keys: readonly string[]; readonly position: number }
  keys(): Iterable<string>
}

/** Fewer that went are not worth going through all. */
const fewGone = 1_024

export const createSequence = (holds: (key: string) => boolean): Sequence => {
  let keys: string[] = []
  /** The position of each key, once some have gone; before, a key's place tells it. */
  let positions: number[] | undefined
  let last = 0
  let gone = 0

  const positionAt = (index: number): number => positions?.[index] ?? index + 1
  /** The first place whose position is beyond. */
  const placeAfter = (position: number): number => {
    let [low, high] = [0, keys.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (positionAt(middle) > position) high = middle
      else low = middle + 1
    }
    return low
  }
  const close = (): void => {
    const places = keys.flatMap((key, index) => (holds(key) ? [index] : []))
    positions = places.map(positionAt)
    keys = places.map((index) => keys[index] ?? '')
    gone = 0
  }

  return {
    get position() {
      return last
    },
    add: (key) => {
      keys.push(key)
      last += 1
      positions?.push(last)
    },
    gone: () => {
      gone += 1
      if (gone > Math.max(fewGone, keys.length / 2)) close()
    },
    since: (position, most) => {
      const found: string[] = []
      let index = placeAfter(position)
      for (; index < keys.length && found.length < most; index += 1) {
        const key = keys[index]
        if (key !== undefined && holds(key)) found.push(key)
      }
      return { keys: found, position: index < keys.length ? positionAt(index - 1) : last }
    },
    keys: function* () {
      for (let position = 0; position < last;) {
        const index = placeAfter(position)
        const key = keys[index]
        if (key === undefined) return
        position = positionAt(index)
        if (holds(key)) yield key
      }
    },
  }
}
