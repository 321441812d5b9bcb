/**
 * One line of an export or an import, as JSON: a fact with its id,
 *
 *     {"fact":"<id>","kind":"registered","user":"<id>","at":"<stamp>","username":"Ada","passwordHash":"$argon2id$…"}
 *
 * or, for users from elsewhere, only `{"username":"Ada","passwordHash":"$argon2id$…"}`.
 */
import type { Registration } from '../accounts/commands.ts'
import { parseFact } from '../facts/fact.ts'
import type { RecordedFact } from '../facts/fact.ts'
import { isId } from '../facts/id.ts'
import { isPasswordHash } from '../facts/password-hash.ts'
import { isPlainObject, own } from '../flat.ts'
import { checkUsername } from '../names/username.ts'

/** Longest line, in UTF-16 units; the longest that is well-formed has fewer than half. */
export const maxLineLength = 4_096

export type Line =
  | { readonly kind: 'fact'; readonly recorded: RecordedFact }
  | { readonly kind: 'plain'; readonly registration: Registration }
  | { readonly kind: 'blank' }
  | { readonly kind: 'malformed'; readonly why: string }

export const writeLine = ({ id, fact }: RecordedFact): string => JSON.stringify({ fact: id, ...fact })

/** Never throws, and says why without showing any value. */
export const readLine = (text: unknown): Line => {
  if (typeof text !== 'string') return malformed(`a line is text, not ${typeof text}`)
  if (text.length > maxLineLength) {
    return malformed(`a line has at most ${maxLineLength} characters, not ${text.length}`)
  }
  if (text.trim() === '') return { kind: 'blank' }
  const value = parseJson(text)
  if (!isPlainObject(value)) return malformed('a line is a JSON object')
  return Object.hasOwn(value, 'fact') ? readFact(value) : readPlain(value)
}

const readFact = (value: object): Line => {
  const { fact: id, ...rest }: { readonly fact?: unknown } = value
  if (!isId(id)) return malformed('"fact" is an id of 22 characters of base64url, and is none here')
  const parsed = parseFact(rest)
  if (parsed.kind === 'malformed') return malformed(parsed.why)
  return { kind: 'fact', recorded: { id, fact: parsed.fact } }
}

const readPlain = (value: object): Line => {
  const [username, passwordHash] = [own(value, 'username'), own(value, 'passwordHash')]
  if (Reflect.ownKeys(value).length !== 2 || typeof username !== 'string') {
    return malformed('a line is a fact, or has "username" and "passwordHash" as text and nothing else')
  }
  const checked = checkUsername(username)
  if (checked.kind === 'invalid') return malformed(checked.why.replace(/\.$/, ''))
  if (!isPasswordHash(passwordHash)) return malformed('"passwordHash" is not an argon2id hash within bounds')
  return { kind: 'plain', registration: { username, passwordHash } }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Not the parser's own message: it quotes the text, in which there may be a hash.
    return undefined
  }
}

const malformed = (why: string): Line => ({ kind: 'malformed', why })
