import { fieldOf, table } from '../table.ts'
import type { Command } from './command.ts'

/** Who is in the cluster, as the asked node sees it. */
export const membersList: Command = {
  name: 'members',
  takes: [],
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

/** An operator's word that one will not come back. */
export const membersForget: Command = {
  name: 'members forget',
  takes: ['<member>'],
  words: 'One that is down, by its name or id, will not come back: it leaves every view',
  run: async ({ io, node, args: [member = ''], format }) => {
    const answer = await node().ask('POST', `/members/forget?member=${encodeURIComponent(member)}`)
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write(`${fieldOf(answer, 'name')} is forgotten; the view here is ${fieldOf(answer, 'view')}.\n`)
  },
}
