/**
 * Usernames are shown as typed and compared normalised: NFKC, then case folded by the tables of `letters.ts`. Dotless `ı`
 * is one with `i`: two names that look alike are one name, which is the safe side.
 *
 * NFKC is that of Node.js: of the letters in the tables every Node.js that is supported makes the same (Unicode's
 * stability policy), and of a letter that is not in them no name is made.
 */
import { InvalidUsernameError } from '../errors.ts'
import { foldOf, letterAt } from './letters.ts'
import { isOfOneScript } from './mixing.ts'

/** Longest normalised name, in code points. */
export const maxUsernameLength = 64

/** Longest name as typed, in UTF-16 units: bounds the work before anything is normalised. */
export const maxTypedUnits = 256

/** Most names by far: ASCII, which no normalisation changes, and which folds by lower case alone. */
const plain = /^[a-zA-Z0-9._@+-]{1,64}$/

export type CheckedUsername =
  | { readonly kind: 'valid'; readonly normalised: string }
  | { readonly kind: 'invalid'; readonly why: string }

/** Whether the name can be read. Never throws, whatever the value is. */
export const checkUsername = (typed: unknown): CheckedUsername => {
  if (typeof typed !== 'string') return invalid(`A username is text, not ${typeof typed}.`)
  if (plain.test(typed)) return { kind: 'valid', normalised: typed.toLowerCase() }
  if (typed.length > maxTypedUnits) return invalid(tooLong(typed.length))

  // As typed: a letter that a later Unicode has may be normalised into ones that are in the tables.
  const strange = strangeIn(typed)
  if (strange !== undefined) return invalid(forbidden(strange))
  const normalised = fold(typed)
  const length = Array.from(normalised).length
  if (length === 0) return invalid('A username has at least 1 character; this one is empty.')
  if (length > maxUsernameLength) return invalid(tooLong(length))
  if (letterAt(normalised.codePointAt(0) ?? 0)?.isMark === true)
    return invalid('A username cannot begin with a combining mark.')
  return { kind: 'valid', normalised }
}

/**
 * Whether somebody may sign up under the name: asked by the node that they sign up at, and by no other, now or later.
 */
export const checkNewUsername = (typed: unknown): CheckedUsername => {
  const checked = checkUsername(typed)
  if (checked.kind === 'invalid' || isOfOneScript(checked.normalised)) return checked
  return invalid(
    'A username is written in one script, or in Latin with Japanese, Korean or Chinese; this one mixes others, which look alike.',
  )
}

/**
 * The form in which names are compared.
 *
 * @throws {InvalidUsernameError} `INVALID_USERNAME`
 */
export const normaliseUsername = (typed: string): string => normalisedOf(checkUsername(typed))

/** @throws {InvalidUsernameError} `INVALID_USERNAME` */
export const normaliseNewUsername = (typed: string): string => normalisedOf(checkNewUsername(typed))

const normalisedOf = (checked: CheckedUsername): string => {
  if (checked.kind === 'invalid') throw new InvalidUsernameError(checked.why)
  return checked.normalised
}

/** Until nothing changes any more: folding can undo what NFKC had made, for a handful of letters. */
const fold = (text: string): string => {
  let before = text.normalize('NFKC')
  for (;;) {
    const after = foldOnce(before).normalize('NFKC')
    if (after === before) return after
    before = after
  }
}

const foldOnce = (text: string): string => {
  let folded = ''
  for (const letter of text) folded += foldOf(letter.codePointAt(0) ?? 0) ?? letter
  return folded
}

/** As they are, and as keyboards for Japanese type them. */
const signs = new Set('._@+-．＿＠＋－')

/** The first character that no username may have. */
const strangeIn = (text: string): string | undefined => {
  for (const letter of text)
    if (!signs.has(letter) && letterAt(letter.codePointAt(0) ?? 0) === undefined) return letter
  return undefined
}

const names: ReadonlyMap<string, string> = new Map([
  [' ', 'a space'],
  ['\u00A0', 'a no-break space'],
  ['\u3000', 'a wide space'],
  ['\t', 'a tab'],
  ['\n', 'a line break'],
  ['\r', 'a line break'],
  ['\u0000', 'a zero byte'],
])

const invalid = (why: string): CheckedUsername => ({ kind: 'invalid', why })

const tooLong = (length: number): string =>
  `A username has at most ${maxUsernameLength} characters; this one has ${length}.`

const forbidden = (letter: string): string => {
  return `A username is made of letters, marks, digits and . _ @ + - only, by Unicode 16.0; this one has ${wordsFor(letter)}.`
}

/** For whoever typed it: the character itself where it can be seen, and its number only where neither can help. */
const wordsFor = (letter: string): string => {
  const named = names.get(letter)
  if (named !== undefined) return named
  if (/[\p{P}\p{S}]/u.test(letter)) return `the character ${letter}`
  const point = letter.codePointAt(0) ?? 0
  const number = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{L}\p{M}\p{N}]/u.test(letter)
    ? `${letter} (${number})`
    : `a character that cannot be seen (${number})`
}
