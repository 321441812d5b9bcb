import { fieldOf, table } from '../table.ts'
import type { Command } from './command.ts'

/** Who is in the cluster, as the asked node sees it. */
export const members: Command = {
  usage: 'members',
  words: 'Who is in the cluster, in which state, and whether they hold the same',
  run: async ({ io, node, format }) => {
    const answer = await node().ask('GET', '/members')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    const all = Array.isArray(answer['members']) ? answer['members'] : []
    const rows = all.map((member) =>
      ['name', 'state', 'holds', 'url', 'id'].map((name) => fieldOf(member, name)),
    )
    return io.write(table(['NAME', 'STATE', 'HOLDS', 'URL', 'ID'], rows))
  },
}
