/** Flat objects, read by their own properties only: what comes from elsewhere may carry a prototype. */

export const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

export const own = (object: object, name: string): unknown => {
  // No descriptor is made for it: this runs for each field of each fact.
  return Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
}

/** Whether both have the same names with the same values: primitive ones, or lists of texts. */
export const sameFlat = (a: object, b: object): boolean => {
  const entries = Object.entries(a)
  return (
    entries.length === Object.keys(b).length && entries.every(([name, value]) => isSame(value, own(b, name)))
  )
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.join() === b.join())
