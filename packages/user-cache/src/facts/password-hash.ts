import { InvalidPasswordHashError } from '../errors.ts'

const MAX_LENGTH = 256

// The digits bound what verifying may cost: a stored hash decides how much memory and time a login takes.
const ARGON2ID =
  /^\$argon2id\$v=19\$m=[1-9]\d{0,5},t=[1-9]\d?,p=[1-9]\d?\$[A-Za-z0-9+/]{1,128}\$[A-Za-z0-9+/]{1,128}$/

export function isPasswordHash(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && ARGON2ID.test(value)
}

/** @throws {InvalidPasswordHashError} `INVALID_PASSWORD_HASH` */
export function assertPasswordHash(value: unknown): asserts value is string {
  if (!isPasswordHash(value)) throw new InvalidPasswordHashError()
}
