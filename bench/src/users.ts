import { hash } from 'node:crypto'

/** The name of a made-up user, of the length that names have. */
export const usernameOf = (index: number): string => `person-${String(index).padStart(7, '0')}`

/** Password of everybody here. */
export const password = 'correct horse battery staple'

/**
 * A well-formed hash of nothing, different for each user: equal ones would compress and be shared in memory as real
 * ones never are. 22 and 43 characters of base64, as salt and hash of argon2id are.
 */
export const hashOf = (index: number): string => {
  const salt = hash('sha256', `salt ${index}`, 'base64').slice(0, 22)
  return `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${hash('sha256', `hash ${index}`, 'base64').slice(0, 43)}`
}

/** A record as a Redis user keeps it, with the fields that a Grapevine user has. */
export const recordOf = (index: number): StoredUser => ({
  id: hash('sha256', `id ${index}`, 'base64url').slice(0, 22),
  username: usernameOf(index),
  passwordHash: hashOf(index),
  registeredAt: 1_767_225_600_000 + index,
  sessionEpoch: 'none',
  disabled: false,
})

export interface StoredUser {
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  readonly registeredAt: number
  readonly sessionEpoch: string
  readonly disabled: boolean
}
