import { randomBytes } from 'node:crypto'
import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

/** A new secret for a cluster, made here: no node is asked, and nothing is kept. */
export const secret: Command = {
  usage: 'secret new',
  words: 'A new secret for CLUSTER_SECRET, to stdout',
  run: async ({ io, args, format }) => {
    if (args.join(' ') !== 'new') throw new UsageError('secret: say "grapevine secret new"')
    const value = randomBytes(32).toString('hex')
    await io.write(format === 'json' ? `${JSON.stringify({ secret: value })}\n` : `${value}\n`)
  },
}
