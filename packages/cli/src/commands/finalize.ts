import { fieldOf } from '../table.ts'
import type { Command } from './command.ts'

/** An operator's word that no instance will go back to an older release. */
export const finalize: Command = {
  name: 'finalize',
  takes: [],
  words:
    'Ends an upgrade: what is new may be used from then on, and no instance goes back to the release before',
  askedFor: 'there is no way back from it',
  run: async ({ io, node, format }) => {
    const answer = await node().ask('POST', '/finalize')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write(`The upgrade is finalised at protocol ${fieldOf(answer, 'finalised')}.\n`)
  },
}
