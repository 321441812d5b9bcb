import { isCommonPassword } from './common-passwords.ts'
import { opaqueString } from './opaque-string.ts'
import { InvalidPasswordError } from '../errors.ts'

export const minPasswordCharacters = 8
export const maxPasswordCharacters = 128
export const maxPasswordBytes = 1024

/**
 * Checks a new password: 8 to 128 characters (Unicode code points), at most 1,024 bytes of UTF-8, any
 * composition, none of the 5,000 most common ones, and none of the `contextWords`, in whatever case. It is never
 * trimmed or cut.
 *
 * @param options.contextWords what is the first to be guessed here, such as the username @default []
 * @returns the password as it is compared, see {@link opaqueString}
 * @throws {InvalidPasswordError} with a message for the person
 */
export const checkPassword = (
  typed: unknown,
  { contextWords = [] }: { contextWords?: readonly string[] } = {},
): string => {
  if (typeof typed !== 'string') throw new InvalidPasswordError('Type a password.')
  const password = opaqueString(typed)
  if (!isHashable(typed) || !isHashable(password)) {
    throw new InvalidPasswordError(
      `This password is too long or holds characters that cannot be stored; at most ${maxPasswordCharacters} characters.`,
    )
  }
  const characters = countCodePoints(password)
  if (characters < minPasswordCharacters || characters > maxPasswordCharacters) {
    throw new InvalidPasswordError(
      `The password has ${characters} characters; ${minPasswordCharacters} to ${maxPasswordCharacters} are allowed.`,
    )
  }
  if (isCommonPassword(password)) {
    throw new InvalidPasswordError('This is one of the most common passwords. Choose another one.')
  }
  const folded = password.toLowerCase()
  if (contextWords.some((word) => opaqueString(word).toLowerCase() === folded)) {
    throw new InvalidPasswordError('This is the first password that anybody would guess. Choose another one.')
  }
  return password
}

/** Whether any stored password could be this text. What is not is never handed to argon2. */
export const isHashable = (password: string): boolean =>
  // A lone surrogate becomes U+FFFD in UTF-8: two different passwords would be one.
  Buffer.byteLength(password) <= maxPasswordBytes && !/\p{Surrogate}/u.test(password)

const countCodePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}
