/**
 * One line of a backup, as JSON. The first tells what follows, the last that nothing is missing:
 *
 *     {"grapevine":"backup","version":1,"cluster":"app","facts":["users","entries"],"documents":["notes"]}
 *     {"in":"users","subject":"<user id>","mark":"!"}
 *     {"in":"users","subject":"<user id>","mark":".","text":"…"}
 *     {"in":"notes","state":"<base64 of a part of the document's state>"}
 *     {"end":true,"lines":4,"sha256":"<of all lines before, each with its line end>"}
 */
import { isRecord, parseJson } from '@grapevine/std'
import { erasureOf, factOf, type Fact } from '@grapevine/facts'
import { BackupError } from './errors.ts'

/** The version that is written here, and the latest that is read. */
export const backupVersion = 1

/** In UTF-16 units: a fact of 16 KiB of control characters, each of which JSON writes as six. */
const longest = 100_000

export interface Header {
  readonly cluster: string
  readonly facts: readonly string[]
  readonly documents: readonly string[]
}

export type Line =
  | ({ readonly kind: 'header' } & Header)
  | { readonly kind: 'fact'; readonly name: string; readonly fact: Fact }
  | { readonly kind: 'state'; readonly name: string; readonly part: Uint8Array }
  | { readonly kind: 'end'; readonly lines: number; readonly sha256: string }

export const headerLine = (header: Header): string =>
  JSON.stringify({ grapevine: 'backup', version: backupVersion, ...header })

export const factLine = (name: string, fact: Fact): string => {
  const { subject, mark } = fact
  return JSON.stringify(
    mark === '!' ? { in: name, subject, mark } : { in: name, subject, mark, text: fact.text },
  )
}

export const stateLine = (name: string, part: Uint8Array): string =>
  JSON.stringify({ in: name, state: Buffer.from(part).toString('base64') })

export const endLine = (lines: number, sha256: string): string => JSON.stringify({ end: true, lines, sha256 })

/** @throws BackupError or InvalidFactError, which show no value */
export const readLine = (text: string): Line => {
  const value = text.length > longest ? undefined : parseJson(text)
  if (!isRecord(value)) throw new BackupError('INVALID_BACKUP', 'a line is no JSON object')
  if (value['grapevine'] !== undefined) return readHeader(value)
  if (value['end'] === true)
    return { kind: 'end', lines: Number(value['lines']), sha256: String(value['sha256']) }
  const { in: name, state, subject, mark, text: told } = value
  if (typeof name === 'string' && typeof state === 'string')
    return { kind: 'state', name, part: Buffer.from(state, 'base64') }
  if (typeof name === 'string' && typeof subject === 'string' && mark === '!')
    return { kind: 'fact', name, fact: erasureOf(subject) }
  if (typeof name === 'string' && typeof subject === 'string' && mark === '.' && typeof told === 'string')
    return { kind: 'fact', name, fact: factOf(subject, told) }
  throw new BackupError('INVALID_BACKUP', 'a line is neither a fact nor a part of a document')
}

const readHeader = (value: Readonly<Record<string, unknown>>): Line => {
  const { grapevine, version, cluster, facts, documents } = value
  if (grapevine !== 'backup' || typeof version !== 'number')
    throw new BackupError(
      'INVALID_BACKUP',
      'this is no backup: the first line of one is {"grapevine":"backup","version":…}',
    )
  if (version > backupVersion)
    throw new BackupError(
      'NEWER_BACKUP',
      `the backup has version ${version}, and this Grapevine reads up to ${backupVersion}: upgrade it first`,
    )
  return { kind: 'header', cluster: String(cluster), facts: namesOf(facts), documents: namesOf(documents) }
}

const namesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
