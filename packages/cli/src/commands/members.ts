import { UsageError } from '../errors.ts'
import { fieldOf, table } from '../table.ts'
import type { Command, CommandContext } from './command.ts'

/** Who is in the cluster, as the asked node sees it, and an operator's word that one will not come back. */
export const members: Command = {
  usage: 'members [forget <member>]',
  words:
    'Who is in the cluster, in which state, and whether they hold the same; forget one that is down for good',
  run: async (context) => {
    const [name, ...args] = context.args
    if (name === undefined) return list(context)
    if (name === 'forget') return forget(context, args)
    throw new UsageError(`members: ${JSON.stringify(name)} is none of forget`)
  },
}

const list = async ({ io, node, format }: CommandContext): Promise<void> => {
  const answer = await node().ask('GET', '/members')
  if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
  const all = Array.isArray(answer['members']) ? answer['members'] : []
  const rows = all.map((member) =>
    ['name', 'state', 'holds', 'url', 'id'].map((name) => fieldOf(member, name)),
  )
  return io.write(table(['NAME', 'STATE', 'HOLDS', 'URL', 'ID'], rows))
}

const forget = async ({ io, node, format }: CommandContext, args: readonly string[]): Promise<void> => {
  const [member] = args
  if (member === undefined || args.length > 1)
    throw new UsageError('members forget: say which member, by its name or id')
  const answer = await node().ask('POST', `/members/forget?member=${encodeURIComponent(member)}`)
  if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
  return io.write(`${fieldOf(answer, 'name')} is forgotten; the view here is ${fieldOf(answer, 'view')}.\n`)
}
