import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { codeOf, reasonOf } from '@grapevine/std'
import { backup } from '../backup/backup.ts'
import { restore } from '../backup/restore.ts'
import type { Progress } from '@grapevine/user-cache'
import type { Instance } from '../instance/instance.ts'
import type { Settings } from '../settings/settings.ts'
import type { AdminContext } from './context.ts'

/** Facts as JSON lines, slowly if the reader is slow. They hold password hashes. */
export const exportUsers = async (instance: Instance, { response }: AdminContext): Promise<void> => {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'X-Users': String(instance.users.size) })
  const lines = instance.users.export({ signal: gone.signal })
  await pipeline(Readable.from(withLineEnds(lines)), response)
}

const withLineEnds = async function* (lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

/** Takes JSON lines and answers with JSON lines: progress as it goes, and how it ended. */
export const importUsers = async (instance: Instance, { request, response }: AdminContext): Promise<void> => {
  await tellHowItEnds({ request, response }, (lines, onProgress) =>
    instance.users.import(lines, {
      // On disk, and on every reachable member, before the next.
      write: (batch) => instance.userReplica.write(batch),
      onProgress: ({ done }: Progress) => onProgress(done),
    }),
  )
}

/** All that is held, as JSON lines that end with their checksum. */
export const backUp = async (
  instance: Instance,
  settings: Settings,
  { response }: AdminContext,
): Promise<void> => {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  const lines = backup(instance.kept, { cluster: settings.clusterName, signal: gone.signal })
  await pipeline(Readable.from(lines), response)
}

/** Takes the lines of a backup, and answers with lines. */
export const restoreBackup = (instance: Instance, context: AdminContext): Promise<void> =>
  tellHowItEnds(context, (lines, onProgress) =>
    restore(instance.kept, lines, { endSessions: instance.bumpEpoch, onProgress }),
  )

const tellHowItEnds = async (
  { request, response }: Pick<AdminContext, 'request' | 'response'>,
  take: (lines: AsyncIterable<string>, onProgress: (done: number) => void) => Promise<object>,
): Promise<void> => {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  const say = (line: object): void => void response.write(`${JSON.stringify(line)}\n`)
  try {
    const report = await take(createInterface({ input: request, crlfDelay: Infinity }), (done) =>
      say({ done }),
    )
    say({ report })
  } catch (error) {
    say({ error: codeOf(error) ?? 'FAILED', message: reasonOf(error) })
  }
  response.end()
}
