/**
 * Usernames are shown as typed and compared normalised: NFKC, then case folded.
 *
 * JavaScript has no case folding. Lower, upper, lower is the nearest that is locale independent, makes one of
 * `ß`, `ẞ`, `SS` and `ss` or of the three sigmas, and is stable: folding twice changes nothing. It also joins
 * dotless `ı` with `i`: two names that look alike are one name, which is the safe side.
 */
import { InvalidUsernameError } from '../errors.ts'

/** Longest normalised name, in code points. */
export const maxUsernameLength = 64

/** Longest name as typed, in UTF-16 units: bounds the work before anything is normalised. */
const maxTypedUnits = 256

const outside = /[^\p{L}\p{M}\p{Nd}._@+-]/u
// Invisible code points that Unicode files under letters and marks: Hangul fillers, variation selectors, …
const invisible = /\p{Default_Ignorable_Code_Point}/u
const leadingMark = /^\p{M}/u

/** Most names by far: ASCII, which no normalisation changes, and which folds by lower case alone. */
const plain = /^[a-zA-Z0-9._@+-]{1,64}$/

export type CheckedUsername =
  | { readonly kind: 'valid'; readonly normalised: string }
  | { readonly kind: 'invalid'; readonly why: string }

/** Never throws, whatever the value is. */
export const checkUsername = (typed: unknown): CheckedUsername => {
  if (typeof typed !== 'string') return invalid(`A username is text, not ${typeof typed}.`)
  if (plain.test(typed)) return { kind: 'valid', normalised: typed.toLowerCase() }
  if (typed.length > maxTypedUnits) return invalid(tooLong(typed.length))

  const normalised = fold(typed)
  const length = Array.from(normalised).length
  if (length === 0) return invalid('A username has at least 1 character; this one is empty.')
  if (length > maxUsernameLength) return invalid(tooLong(length))
  if (outside.test(normalised)) return invalid(forbidden(normalised, outside))
  if (invisible.test(normalised)) return invalid(forbidden(normalised, invisible))
  if (leadingMark.test(normalised)) return invalid('A username cannot begin with a combining mark.')
  return { kind: 'valid', normalised }
}

/**
 * The form in which names are compared.
 *
 * @throws {InvalidUsernameError} `INVALID_USERNAME`
 */
export const normaliseUsername = (typed: string): string => {
  const checked = checkUsername(typed)
  if (checked.kind === 'invalid') throw new InvalidUsernameError(checked.why)
  return checked.normalised
}

export const isUsername = (value: unknown): value is string => checkUsername(value).kind === 'valid'

const fold = (text: string): string =>
  text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')

const invalid = (why: string): CheckedUsername => ({ kind: 'invalid', why })

const tooLong = (length: number): string =>
  `A username has at most ${maxUsernameLength} characters; this one has ${length}.`

const forbidden = (text: string, pattern: RegExp): string => {
  const point = pattern.exec(text)?.[0].codePointAt(0) ?? 0
  const seen = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return `A username is made of letters, marks, digits and . _ @ + - only; this one has ${seen}.`
}
