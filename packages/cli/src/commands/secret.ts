import { randomBytes } from 'node:crypto'
import type { Command } from './command.ts'

/** A new secret for a cluster, made here: no node is asked, and nothing is kept. */
export const secretNew: Command = {
  name: 'secret new',
  takes: [],
  words: 'A new secret for CLUSTER_SECRET, to stdout',
  run: async ({ io, format }) => {
    const value = randomBytes(32).toString('hex')
    await io.write(format === 'json' ? `${JSON.stringify({ secret: value })}\n` : `${value}\n`)
  },
}
