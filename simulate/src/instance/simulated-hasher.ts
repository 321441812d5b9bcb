import { createHash } from 'node:crypto'
import type { Ports } from '@grapevine/koa'

/** The only part of an instance that is not what it ships: a hash of the right form that costs nothing. */
export const simulatedHasher = (): Ports['hasher'] => ({
  decoy: hashOf('nobody has this'),
  isOutdated: () => false,
  hash: async (password) => hashOf(password),
  verify: async (hash, password) => hash === hashOf(password),
})

export const hashOf = (password: string): string => {
  const digest = createHash('sha256').update(password).digest('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$${digest}`
}
