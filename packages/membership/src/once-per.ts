/** True for the first time in a period that a key is seen; remembers a bounded number of keys. */
export const oncePer = (period: number, most: number): ((key: string, now: number) => boolean) => {
  const seen = new Map<string, number>()
  return (key, now) => {
    const last = seen.get(key)
    if (last !== undefined && now < last + period) return false
    seen.delete(key)
    seen.set(key, now)
    const [oldest] = seen.keys()
    if (seen.size > most && oldest !== undefined) seen.delete(oldest)
    return true
  }
}
