import { InvalidFactError } from './errors.ts'

/**
 * The gate: all that a member asks of a fact before it holds it and passes it on. It looks at nothing but the bytes, so
 * the same fact gets the same verdict on every member, whatever it holds, whatever its clock, configuration, Node.js
 * and Unicode tables. Whether anybody understands or believes a fact is another question, asked when it is read.
 */
export interface Gate {
  /** Bytes of a fact's text in UTF-8. */
  readonly textBytes: number
  /** Characters of a subject, each a letter of ASCII, a digit, `-` or `_`. */
  readonly subjectLength: number
}

/** The first gate. A later one may only admit more, and has a number of its own. */
export const gate: Gate = { textBytes: 16_384, subjectLength: 64 }

const subjectPattern = /^[A-Za-z0-9_-]{1,64}$/

/** @throws InvalidFactError */
export const checkSubject = (subject: unknown): string => {
  if (typeof subject === 'string' && subjectPattern.test(subject)) return subject
  const seen = typeof subject === 'string' ? `${subject.length} characters` : typeof subject
  throw new InvalidFactError(
    `A subject is 1 to ${gate.subjectLength} of A-Z, a-z, 0-9, "-" and "_"; seen: ${seen} that are not.`,
  )
}

/** @throws InvalidFactError */
export const checkText = (text: unknown): string => {
  if (typeof text !== 'string') throw new InvalidFactError(`A fact is text; seen: ${typeof text}.`)
  // No character takes more than three bytes for each of its UTF-16 units.
  if (text.length * 3 > gate.textBytes) checkBytes(Buffer.byteLength(text))
  if (!text.isWellFormed())
    throw new InvalidFactError('A fact is well-formed Unicode; seen: half a surrogate pair.')
  return text
}

const checkBytes = (bytes: number): void => {
  if (bytes > gate.textBytes)
    throw new InvalidFactError(`A fact has at most ${gate.textBytes} bytes of text; seen: ${bytes}.`)
}

/** @throws InvalidFactError */
export const checkFact = (fact: {
  readonly mark: unknown
  readonly subject: unknown
  readonly text?: unknown
}): void => {
  checkSubject(fact.subject)
  if (fact.mark === '.') checkText(fact.text)
  else if (fact.mark !== '!') throw new InvalidFactError('The mark of a fact is "." or "!"; seen: another.')
}
