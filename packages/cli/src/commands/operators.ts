import { fieldOf, table } from '../table.ts'
import type { Command } from './command.ts'

/** Whose account may see the inside of the cluster. */
export const operatorsList: Command = {
  name: 'operators',
  takes: [],
  words:
    'Whose account may see the inside of the cluster: a role that goes with the account, whatever its name',
  run: async ({ io, node, format }) => {
    const answer = await node().ask('GET', '/operators')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    const all = Array.isArray(answer['operators']) ? answer['operators'] : []
    if (all.length === 0) return io.write('Nobody has the role. grapevine operators grant <user> gives it.\n')
    const rows = all.map((each) => ['username', 'id', 'disabled'].map((name) => fieldOf(each, name)))
    return io.write(table(['NAME', 'ACCOUNT ID', 'DISABLED'], rows))
  },
}

const change = (action: 'grant' | 'revoke', words: string, done: string): Command => ({
  name: `operators ${action}`,
  takes: ['<user>'],
  words,
  run: async ({ io, node, args: [user = ''], format }) => {
    const answer = await node().ask('POST', `/operators/${action}?user=${encodeURIComponent(user)}`)
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    const [name, id] = [fieldOf(answer, 'username'), fieldOf(answer, 'id')]
    return io.write(`${name} (account ${id}) ${done}, on ${fieldOf(answer, 'members')} members.\n`)
  },
})

export const operatorsGrant: Command = change(
  'grant',
  'Gives an account that role, by name or account id',
  'is an operator',
)

export const operatorsRevoke: Command = change(
  'revoke',
  'Takes the role from an account',
  'is no operator any more',
)
