import { open } from 'node:fs/promises'
import { reasonOf } from '@grapevine/std'
import { BrokenAnswerError, FileError } from '../errors.ts'
import { checkedLines } from '../files/checked-lines.ts'
import { newFile } from '../files/new-file.ts'
import { progress, type Progress } from '../files/progress.ts'
import { reportOf } from './users.ts'
import type { Command } from './command.ts'

export const backup: Command = {
  name: 'backup',
  takes: ['<file>'],
  words: 'All that a running node holds, in a new file with a checksum; - is stdout',
  details: `Users with their password hashes, and all facts and documents of the app. No secret of the cluster, no pepper, no key of a member, no session: keep
the secrets apart. The file is whole or not there; nothing is overwritten; only its owner may read it.`,
  run: async ({ io, node, args: [file = '-'], format }) => {
    const bar = progress(io, 'backed up', undefined)
    const lines = node().lines('GET', '/backup')
    const copyAll = (write: (line: string) => Promise<unknown>): Promise<number> =>
      copyChecked(lines, bar, write).finally(bar.end)
    const count =
      file === '-'
        ? await copyAll((line) => io.write(line))
        : await newFile(file, (target) => copyAll((line) => target.write(line)))
    if (file !== '-' && format === 'json') await io.write(`${JSON.stringify({ lines: count, file })}\n`)
    io.say(
      `${count} lines${file === '-' ? '' : ` in ${file}`}. They hold password hashes, and no secret of the cluster: keep both safe, and apart.\n`,
    )
  },
}

const copyChecked = async (
  lines: AsyncIterable<string>,
  bar: Progress,
  write: (line: string) => Promise<unknown>,
): Promise<number> => {
  const checked = checkedLines()
  let count = 0
  for await (const line of lines) {
    checked.line(line)
    await write(`${line}\n`)
    bar.show((count += 1))
  }
  const outcome = checked.end()
  if (outcome.kind === 'broken') throw new BrokenAnswerError(`The backup is not whole: ${outcome.why}.`)
  return outcome.lines
}

export const restore: Command = {
  name: 'restore',
  takes: ['<file>'],
  words: 'Adds what a backup has to what the cluster holds, on all members, and ends all sessions',
  details: `Nothing that is there goes: whoever is erased stays so, and what was written since the backup stays. The file is read through and its checksum
compared before anything is asked of the node. The same again changes nothing but that all sessions end.`,
  askedFor: 'everybody has to log in again, since sessions that were ended after the backup would live again',
  run: async ({ io, node, args: [file = ''], format }) => {
    const { lines } = await verified(file)
    const source = await opened(file)
    const bar = progress(io, 'restored', lines)
    try {
      const report = await reportOf(node().lines('POST', '/restore', source.createReadStream()), bar)
      if (format === 'json') return await io.write(`${JSON.stringify(report)}\n`)
      const words = Object.entries(report).map(([what, count]) => `${what} ${String(count)}`)
      await io.write(`${words.join(', ')}\nAll sessions are ended: everybody has to log in again.\n`)
    } finally {
      bar.end()
      await source.close()
    }
  },
}

/** @throws FileError: nothing was asked of the node */
const verified = async (file: string): Promise<{ readonly lines: number }> => {
  const source = await opened(file)
  const checked = checkedLines()
  for await (const line of source.readLines()) checked.line(line)
  const outcome = checked.end()
  if (outcome.kind === 'whole') return outcome
  throw new FileError(`${file} is no whole backup: ${outcome.why}. Nothing was restored.`)
}

const opened = async (file: string): Promise<Awaited<ReturnType<typeof open>>> => {
  try {
    return await open(file, 'r')
  } catch (error) {
    throw new FileError(`${file} cannot be read: ${reasonOf(error)}. Nothing was restored.`, { cause: error })
  }
}
