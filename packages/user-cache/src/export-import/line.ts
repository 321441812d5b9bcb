/**
 * One line of an export or an import, as JSON. An export begins with a line that tells its version,
 *
 *     {"grapevine":"users","version":1}
 *
 * and goes on with facts, erasures first:
 *
 *     {"subject":"<user id>","mark":".","text":"{\"kind\":\"registered\",…}"}
 *     {"subject":"<user id>","mark":"!"}
 *
 * Users from elsewhere are only `{"username":"Ada","passwordHash":"$argon2id$…"}`.
 */
import { parseJson } from '@grapevine/std'
import { erasureOf, factOf, InvalidFactError, type Fact } from '@grapevine/facts'
import type { Registration } from '../commands/commands.ts'
import { isPasswordHash } from '../facts/password-hash.ts'
import { isPlainObject, own } from '../flat.ts'
import { checkUsername } from '../names/username.ts'

/** Longest line, in UTF-16 units: a fact of 16 KiB of control characters, each of which JSON writes as six. */
export const maxLineLength = 100_000

/** The version of the lines that are written here, and the latest that is read. */
export const exportVersion = 1

export type Line =
  | { readonly kind: 'header' }
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'plain'; readonly registration: Registration }
  | { readonly kind: 'blank' }
  | { readonly kind: 'malformed'; readonly why: string }

export const writeHeader = (): string => JSON.stringify({ grapevine: 'users', version: exportVersion })

export const writeLine = (fact: Fact): string =>
  JSON.stringify(
    fact.mark === '!'
      ? { subject: fact.subject, mark: '!' }
      : { subject: fact.subject, mark: '.', text: fact.text },
  )

/** Never throws, and says why without showing any value. */
export const readLine = (text: unknown): Line => {
  if (typeof text !== 'string') return malformed(`a line is text, not ${typeof text}`)
  if (text.length > maxLineLength)
    return malformed(`a line has at most ${maxLineLength} characters, not ${text.length}`)
  if (text.trim() === '') return { kind: 'blank' }
  const value = parseJson(text)
  if (!isPlainObject(value)) return malformed('a line is a JSON object')
  if (Object.hasOwn(value, 'grapevine')) return readHeader(value)
  return Object.hasOwn(value, 'subject') ? readFactLine(value) : readPlain(value)
}

const readHeader = (value: object): Line => {
  const version = own(value, 'version')
  if (own(value, 'grapevine') !== 'users' || typeof version !== 'number')
    return malformed('the first line of an export is {"grapevine":"users","version":…}')
  if (version > exportVersion)
    return malformed(
      `the export has version ${version}, and this Grapevine reads up to ${exportVersion}: upgrade it first`,
    )
  return { kind: 'header' }
}

/** Whether anybody understands the fact is asked when it is read, as with facts from other members. */
const readFactLine = (value: object): Line => {
  const [subject, mark, text] = ['subject', 'mark', 'text'].map((name) => own(value, name))
  const fields = Reflect.ownKeys(value).length
  const isErasure = mark === '!' && fields === 2
  if (
    typeof subject !== 'string' ||
    (!isErasure && (mark !== '.' || fields !== 3 || typeof text !== 'string'))
  )
    return malformed(
      'a fact has "subject", "mark" and "text", an erasure has no "text", and there is nothing else',
    )
  try {
    return { kind: 'fact', fact: isErasure ? erasureOf(subject) : factOf(subject, String(text)) }
  } catch (error) {
    if (error instanceof InvalidFactError) return malformed(error.message.replace(/\.$/, ''))
    throw error
  }
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

const malformed = (why: string): Line => ({ kind: 'malformed', why })
