import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

/** Ends all sessions of everybody: after the data of an earlier time was put back. */
export const sessions: Command = {
  usage: 'sessions end-all --yes',
  words: 'Ends every session of everybody, on all members: for after data of an earlier time was put back',
  run: async ({ io, node, args: [action = ''], format, consent }) => {
    if (action !== 'end-all') throw new UsageError(`sessions: ${JSON.stringify(action)} is not end-all`)
    if (consent !== 'given')
      throw new UsageError('sessions end-all: everybody has to log in again; add --yes')
    const answer = await node().ask('POST', '/sessions/end-all')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write('All sessions are ended: everybody has to log in again.\n')
  },
}
