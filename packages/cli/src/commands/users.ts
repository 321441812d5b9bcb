import { open } from 'node:fs/promises'
import { isRecord, parseJson, reasonOf } from '@grapevine/std'
import { BrokenAnswerError, FileError, NodeRefusedError } from '../errors.ts'
import { newFile } from '../files/new-file.ts'
import { progress, type Progress } from '../files/progress.ts'
import { fieldOf } from '../table.ts'
import type { Command } from './command.ts'

export const usersExport: Command = {
  name: 'users export',
  takes: ['[file]'],
  words: 'All facts about users, with their password hashes, to a new file or to stdout',
  details: 'The file is whole or not there; nothing is overwritten; only its owner may read it.',
  run: async ({ io, node, args: [file = '-'], format }) => {
    const bar = progress(io, 'exported', undefined)
    const lines = node().lines('GET', '/users/export')
    const writeAll = (write: (line: string) => Promise<unknown>): Promise<number> =>
      copyLines(lines, bar, write).finally(bar.end)
    const count =
      file === '-'
        ? await writeAll((line) => io.write(line))
        : await newFile(file, (target) => writeAll((line) => target.write(line)))
    if (file !== '-' && format === 'json') await io.write(`${JSON.stringify({ facts: count, file })}\n`)
    io.say(`${count} facts${file === '-' ? '' : ` in ${file}`}. They hold password hashes: keep them safe.\n`)
  },
}

/** @returns how many facts there were, below the line that says what the lines are */
const copyLines = async (
  lines: AsyncIterable<string>,
  bar: Progress,
  write: (line: string) => Promise<unknown>,
): Promise<number> => {
  let count = 0
  for await (const line of lines) {
    await write(`${line}\n`)
    if (!line.startsWith('{"grapevine":')) bar.show((count += 1))
  }
  return count
}

export const usersImport: Command = {
  name: 'users import',
  takes: ['<file>'],
  words: 'The facts of an export, from a file or from stdin with -; the same again change nothing',
  run: async ({ io, node, args: [file = '-'], format }) => {
    const source = file === '-' ? undefined : await opened(file)
    const bar = progress(io, 'imported', source === undefined ? undefined : await countLines(file))
    try {
      const body: AsyncIterable<Uint8Array> = source?.createReadStream() ?? io.input
      const report = await reportOf(node().lines('POST', '/users/import', body), bar)
      await io.write(format === 'json' ? `${JSON.stringify(report)}\n` : reportWords(report))
    } finally {
      bar.end()
      await source?.close()
    }
  },
}

/** Shows how far it is until it is told how it ended. */
export const reportOf = async (
  lines: AsyncIterable<string>,
  bar: Progress,
): Promise<Record<string, unknown>> => {
  let ended: Record<string, unknown> | undefined
  for await (const line of lines) {
    const said = parseJson(line)
    if (!isRecord(said))
      throw new BrokenAnswerError('The node answered something that this version does not understand.')
    const { done, report, error } = said
    if (error !== undefined) throw new NodeRefusedError(fieldOf(said, 'error'), fieldOf(said, 'message'))
    if (typeof done === 'number') bar.show(done)
    if (isRecord(report)) ended = report
  }
  bar.end()
  if (ended === undefined) throw new BrokenAnswerError('The node did not say how it ended.')
  return ended
}

const reportWords = (report: Readonly<Record<string, unknown>>): string =>
  `${Object.entries(report)
    .map(([what, count]) => `${what} ${String(count)}`)
    .join(', ')}\n`

const opened = async (file: string): Promise<Awaited<ReturnType<typeof open>>> => {
  try {
    return await open(file, 'r')
  } catch (error) {
    throw new FileError(`${file} cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}

const countLines = async (file: string): Promise<number> => {
  const source = await opened(file)
  let count = 0
  for await (const line of source.readLines()) count += line === '' ? 0 : 1
  return count
}

interface Change {
  readonly action: 'disable' | 'enable' | 'erase'
  readonly words: string
  readonly done: string
  readonly askedFor?: string
}

const changeUser = ({ action, words, done, ...rest }: Change): Command => ({
  name: `users ${action}`,
  takes: ['<user>'],
  words,
  ...rest,
  run: async ({ io, node, args: [user = ''], format }) => {
    const answer = await node().ask('POST', `/users/${action}?user=${encodeURIComponent(user)}`)
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write(`${fieldOf(answer, 'username')} is ${done}, on ${fieldOf(answer, 'members')} members.\n`)
  },
})

export const usersDisable: Command = changeUser({
  action: 'disable',
  words: 'Lets somebody in no more, by name or account id, and ends their sessions',
  done: 'disabled',
})

export const usersEnable: Command = changeUser({
  action: 'enable',
  words: 'Lets somebody in again',
  done: 'enabled again',
})

export const usersErase: Command = changeUser({
  action: 'erase',
  words: 'The account with its data, on every member, for good',
  done: 'erased',
  askedFor: 'the account and its data go for good, on every member',
})
