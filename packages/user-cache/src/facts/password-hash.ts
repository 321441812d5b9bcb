import { InvalidPasswordHashError } from '../errors.ts'

const maxLength = 256

// The digits bound what verifying may cost: a stored hash decides how much memory and time a login takes.
const argon2id =
  /^\$argon2id\$v=19\$m=[1-9]\d{0,5},t=[1-9]\d?,p=[1-9]\d?\$[A-Za-z0-9+/]{1,128}\$[A-Za-z0-9+/]{1,128}$/

export const isPasswordHash = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= maxLength && argon2id.test(value)

/** @throws {InvalidPasswordHashError} `INVALID_PASSWORD_HASH` */
export const assertPasswordHash: (value: unknown) => asserts value is string = (value) => {
  if (!isPasswordHash(value)) throw new InvalidPasswordHashError()
}
