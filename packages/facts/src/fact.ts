import { hash } from 'node:crypto'
import { InvalidFactError } from './errors.ts'
import { checkSubject, checkText } from './gate.ts'

/**
 * Something that was said of a subject, once and for good. An erasure (`!`) says that everything else that is said of
 * the subject, before or after, is to go.
 */
export type Fact =
  | { readonly mark: '.'; readonly subject: string; readonly text: string }
  | { readonly mark: '!'; readonly subject: string }

/** The text of every erasure, so that there is one for each subject. */
export const erasureText = 'erased'

/** Characters of the hash in a key: 162 bits in base64url. Two facts with one hash are beyond anybody's means. */
export const hashLength = 27

/** @throws InvalidFactError */
export const factOf = (subject: string, text: string): Fact => ({
  mark: '.',
  subject: checkSubject(subject),
  text: checkText(text),
})

/** @throws InvalidFactError */
export const erasureOf = (subject: string): Fact => ({ mark: '!', subject: checkSubject(subject) })

export const textOf = (fact: Fact): string => (fact.mark === '!' ? erasureText : fact.text)

/**
 * `<subject>/<mark><hash>`: the hash is the SHA-256 of subject, `/`, mark and text in UTF-8, in base64url, cut to 27
 * characters. The same fact has the same key everywhere, and another fact has another.
 */
export const keyOf = (fact: Fact): string => {
  const head = `${fact.subject}/${fact.mark}`
  return head + hash('sha256', head + textOf(fact), 'base64url').slice(0, hashLength)
}

export const subjectOf = (key: string): string => key.slice(0, key.length - hashLength - 2)

export const hashOf = (key: string): string => key.slice(key.length - hashLength)

export const isErasure = (key: string): boolean => key.charAt(key.length - hashLength - 1) === '!'

/**
 * The fact that lies under a key of a map.
 *
 * @throws InvalidFactError if there is none
 */
export const factAt = (key: string, value: unknown): Fact => {
  const subject = subjectOf(key)
  const text = checkText(value)
  const fact = isErasure(key) ? erasureOf(subject) : factOf(subject, text)
  if (keyOf(fact) !== key || textOf(fact) !== text)
    throw new InvalidFactError('The key of a fact is the hash of what it says; seen: another.')
  return fact
}
