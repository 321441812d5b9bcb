import type { Command } from './command.ts'

/** Ends all sessions of everybody: after the data of an earlier time was put back. */
export const sessionsEndAll: Command = {
  name: 'sessions end-all',
  takes: [],
  words: 'Ends every session of everybody, on all members: for after data of an earlier time was put back',
  askedFor: 'everybody has to log in again',
  run: async ({ io, node, format }) => {
    const answer = await node().ask('POST', '/sessions/end-all')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write('All sessions are ended: everybody has to log in again.\n')
  },
}
