import { BoundedMap } from '@grapevine/std'

/** True for the first time in a period that a key is seen; remembers a bounded number of keys. */
export const oncePer = (period: number, most: number): ((key: string, now: number) => boolean) => {
  const seen = new BoundedMap<string, number>(most)
  return (key, now) => {
    const last = seen.get(key)
    if (last !== undefined && now < last + period) return false
    seen.set(key, now)
    return true
  }
}
