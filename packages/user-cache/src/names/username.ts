/**
 * Usernames are shown as typed and compared normalised: NFKC, then case folded.
 *
 * JavaScript has no case folding. Lower, upper, lower is the nearest that is locale independent, makes one of
 * `ß`, `ẞ`, `SS` and `ss` or of the three sigmas, and is stable: folding twice changes nothing. It also joins
 * dotless `ı` with `i`: two names that look alike are one name, which is the safe side.
 */
import { InvalidUsernameError } from '../errors.ts'

/** Longest normalised name, in code points. */
export const MAX_USERNAME_LENGTH = 64

/** Longest name as typed, in UTF-16 units: bounds the work before anything is normalised. */
const MAX_TYPED_UNITS = 256

const OUTSIDE = /[^\p{L}\p{M}\p{Nd}._@+-]/u
// Invisible code points that Unicode files under letters and marks: Hangul fillers, variation selectors, …
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u
const LEADING_MARK = /^\p{M}/u

/** Most names by far: ASCII, which no normalisation changes, and which folds by lower case alone. */
const PLAIN = /^[a-zA-Z0-9._@+-]{1,64}$/

export type CheckedUsername =
  | { readonly kind: 'valid'; readonly normalised: string }
  | { readonly kind: 'invalid'; readonly why: string }

/** Never throws, whatever the value is. */
export function checkUsername(typed: unknown): CheckedUsername {
  if (typeof typed !== 'string') return invalid(`A username is text, not ${typeof typed}.`)
  if (PLAIN.test(typed)) return { kind: 'valid', normalised: typed.toLowerCase() }
  if (typed.length > MAX_TYPED_UNITS) return invalid(tooLong(typed.length))

  const normalised = fold(typed)
  const length = Array.from(normalised).length
  if (length === 0) return invalid('A username has at least 1 character; this one is empty.')
  if (length > MAX_USERNAME_LENGTH) return invalid(tooLong(length))
  if (OUTSIDE.test(normalised)) return invalid(forbidden(normalised, OUTSIDE))
  if (INVISIBLE.test(normalised)) return invalid(forbidden(normalised, INVISIBLE))
  if (LEADING_MARK.test(normalised)) return invalid('A username cannot begin with a combining mark.')
  return { kind: 'valid', normalised }
}

/**
 * The form in which names are compared.
 *
 * @throws {InvalidUsernameError} `INVALID_USERNAME`
 */
export function normaliseUsername(typed: string): string {
  const checked = checkUsername(typed)
  if (checked.kind === 'invalid') throw new InvalidUsernameError(checked.why)
  return checked.normalised
}

export function isUsername(value: unknown): value is string {
  return checkUsername(value).kind === 'valid'
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}

function invalid(why: string): CheckedUsername {
  return { kind: 'invalid', why }
}

function tooLong(length: number): string {
  return `A username has at most ${MAX_USERNAME_LENGTH} characters; this one has ${length}.`
}

function forbidden(text: string, pattern: RegExp): string {
  const point = pattern.exec(text)?.[0].codePointAt(0) ?? 0
  const seen = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return `A username is made of letters, marks, digits and . _ @ + - only; this one has ${seen}.`
}
