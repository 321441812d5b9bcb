import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import { BackupError } from './errors.ts'
import { readLine, type Header, type Line } from './line.ts'
import { subjectOf, type Fact } from '@grapevine/facts'
import type { Kept } from './backup.ts'

/** How many lines had which outcome. */
export interface RestoreReport {
  /** Facts that were new here. */
  readonly inserted: number
  /** Facts that were here already. */
  readonly known: number
  /** Facts of those who are erased here, and stay so. */
  readonly erased: number
  readonly documents: number
}

export interface RestoreOptions {
  /** Ends all sessions: what was ended since the backup may be unknown here. Before anything else, so that nothing is in between. */
  readonly endSessions: () => Promise<void>
  /** After each batch, in lines. */
  readonly onProgress: (done: number) => void
}

/** Facts of one write: each is on this disk, and on every member that can be reached, before the next. */
const batchSize = 50

/**
 * Adds what a backup has to what is here. Nothing that is here goes: whoever is erased stays so, and what was written since the
 * backup stays. The same again changes nothing but that all sessions end.
 *
 * @throws BackupError, InvalidFactError, or what a write throws: what came before is restored
 */
export const restore = async (
  kept: Kept,
  lines: AsyncIterable<string>,
  { endSessions, onProgress }: RestoreOptions,
): Promise<RestoreReport> => {
  const report = { inserted: 0, known: 0, erased: 0, documents: 0 }
  const hash = createHash('sha256')
  let [count, name, header, isWhole] = [0, '', undefined as Header | undefined, false]
  let batch: Fact[] = []
  let parts: Uint8Array[] = []

  const flush = async (): Promise<void> => {
    const [facts, states] = [batch, parts]
    ;[batch, parts] = [[], []]
    if (facts.length > 0) await insert(kept, name, facts, report)
    if (states.length === 0) return
    await merge(kept, name, Buffer.concat(states))
    report.documents += 1
  }

  for await (const text of lines) {
    if (isWhole) throw broken('something comes after its end')
    const line = readLine(text)
    if (header === undefined) {
      header = checkHeader(line, kept)
      await endSessions()
    } else if (line.kind === 'end') {
      checkEnd(line, count, hash.digest('hex'))
      isWhole = true
      continue
    } else if (line.kind !== 'header') {
      checkName(line, header)
      if (line.name !== name || batch.length === batchSize) {
        await flush()
        onProgress(count)
      }
      ;({ name } = line)
      if (line.kind === 'fact') batch.push(line.fact)
      else parts.push(line.part)
    }
    hash.update(`${text}\n`)
    count += 1
  }
  if (!isWhole) throw broken('its end is missing')
  await flush()
  await eraseAgain(kept, header)
  onProgress(count)
  return report
}

const broken = (why: string): BackupError =>
  new BackupError('BROKEN_BACKUP', `${why}; what came before is restored`)

const checkHeader = (line: Line, { facts, documents }: Kept): Header => {
  if (line.kind !== 'header')
    throw new BackupError('INVALID_BACKUP', 'this is no backup: nothing was restored')
  const unknown = [
    ...line.facts.filter((name) => !Object.hasOwn(facts, name)),
    ...line.documents.filter((name) => !Object.hasOwn(documents, name)),
  ]
  if (unknown.length === 0) return line
  throw new BackupError(
    'UNKNOWN_NAME',
    `this app has no ${unknown.join(', ')}, which the backup has: nothing was restored`,
  )
}

const checkName = (line: Exclude<Line, { kind: 'header' | 'end' }>, { facts, documents }: Header): void => {
  const names = line.kind === 'fact' ? facts : documents
  if (!names.includes(line.name)) throw broken('a line is of something that the first line does not name')
}

const checkEnd = ({ lines, sha256 }: Line & { kind: 'end' }, count: number, digest: string): void => {
  if (lines !== count || sha256 !== digest)
    throw broken('its checksum is another: it was changed, or is damaged')
}

const insert = async (
  { facts }: Kept,
  name: string,
  batch: readonly Fact[],
  report: { -readonly [Outcome in keyof RestoreReport]: number },
): Promise<void> => {
  const opened = facts[name]
  if (opened === undefined) return
  const { set, replica } = opened
  const { value } = await replica.write(() => {
    const inserted = set.insert(batch).length
    const spent = batch.filter(({ subject, mark }) => mark === '.' && set.isErased(subject)).length
    return { inserted, spent }
  })
  report.inserted += value.inserted
  report.erased += value.spent
  report.known += batch.length - value.inserted - value.spent
}

/** As a change of this member's own: large ones go to the others in slices. */
const merge = async ({ documents }: Kept, name: string, state: Uint8Array): Promise<void> => {
  const opened = documents[name]
  await opened?.write(() => Y.applyUpdate(opened.doc, state))
}

/** What a document of before the erasure brought back of those who are erased here. */
const eraseAgain = async ({ facts, documents }: Kept, header: Header | undefined): Promise<void> => {
  const erased = [...(facts['users']?.set.erasures.keys() ?? [])].map(subjectOf)
  for (const name of header?.documents ?? []) {
    const { keptByUser, write } = documents[name] ?? {}
    if (keptByUser === undefined || erased.length === 0) continue
    await write?.(() => {
      for (const userId of erased) keptByUser(userId)
    })
  }
}
