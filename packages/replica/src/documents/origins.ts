/** Where a transaction of the document came from. */
export const localOrigin: symbol = Symbol('local')
export const remoteOrigin: symbol = Symbol('remote')
export const storageOrigin: symbol = Symbol('storage')
export const repairOrigin: symbol = Symbol('repair')

/** Others have it already: a member sent it, or it was on this disk, and so with others, before. */
export const isKnownElsewhere = (origin: unknown): boolean =>
  origin === remoteOrigin || origin === storageOrigin
