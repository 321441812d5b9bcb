import { UsageError } from '../errors.ts'
import { fieldOf, table } from '../table.ts'
import type { Command, CommandContext } from './command.ts'

/** Whose account may see the inside of the cluster. */
export const operators: Command = {
  usage: 'operators [grant|revoke <user>]',
  words:
    'Whose account may see the inside of the cluster: a role that goes with the account, whatever its name',
  run: async (context) => {
    const [action = 'list', user, ...surplus] = context.args
    if (action === 'list' && user === undefined) return list(context)
    if (action !== 'grant' && action !== 'revoke')
      throw new UsageError(`operators: ${JSON.stringify(action)} is none of list, grant, revoke`)
    if (user === undefined || surplus.length > 0)
      throw new UsageError(`operators ${action}: say which user, by name or account id`)
    return change(context, action, user)
  },
}

const list = async ({ io, node, format }: CommandContext): Promise<void> => {
  const answer = await node().ask('GET', '/operators')
  if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
  const all = Array.isArray(answer['operators']) ? answer['operators'] : []
  if (all.length === 0) return io.write('Nobody has the role. grapevine operators grant <user> gives it.\n')
  const rows = all.map((each) => ['username', 'id', 'disabled'].map((name) => fieldOf(each, name)))
  return io.write(table(['NAME', 'ACCOUNT ID', 'DISABLED'], rows))
}

const change = async (
  { io, node, format }: CommandContext,
  action: 'grant' | 'revoke',
  user: string,
): Promise<void> => {
  const answer = await node().ask('POST', `/operators/${action}?user=${encodeURIComponent(user)}`)
  if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
  const [name, id] = [fieldOf(answer, 'username'), fieldOf(answer, 'id')]
  const done = action === 'grant' ? 'is an operator' : 'is no operator any more'
  return io.write(`${name} (account ${id}) ${done}, on ${fieldOf(answer, 'members')} members.\n`)
}
