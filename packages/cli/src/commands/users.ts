import { open } from 'node:fs/promises'
import { NodeRefusedError, UsageError } from '../errors.ts'
import { progress } from '../progress.ts'
import { fieldOf } from '../table.ts'
import type { Command, CommandContext } from './command.ts'

type Action = (context: CommandContext, args: readonly string[]) => Promise<void>

/** The users of the cluster: out of it, into it, and what an operator may do to one. */
export const users: Command = {
  usage: 'users export|import|disable|enable|erase …',
  words: 'export [file], import <file>, disable <user>, enable <user>, erase <user> --yes',
  run: (context) => {
    const [name = '', ...rest] = context.args
    const action = actions.get(name)
    if (action === undefined) {
      throw new UsageError(`users: ${JSON.stringify(name)} is none of ${[...actions.keys()].join(', ')}`)
    }
    return action(context, rest)
  },
}

/** The answer may hold a token of every person: what is written to a file is for its owner only. */
const ownerOnly = 0o600

const exportUsers: Action = async ({ io, node }, [file]) => {
  const target = file === undefined || file === '-' ? undefined : await open(file, 'wx', ownerOnly)
  const bar = progress(io, 'exported', undefined)
  let count = 0
  try {
    for await (const line of node().lines('GET', '/users/export')) {
      await (target === undefined ? io.write(`${line}\n`) : target.write(`${line}\n`))
      bar.show((count += 1))
    }
    await target?.sync()
  } finally {
    bar.end()
    await target?.close()
  }
  io.say(
    `${count} facts${file === undefined ? '' : ` in ${file}`}. They hold password hashes: keep them safe.\n`,
  )
}

const importUsers: Action = async ({ io, node, format }, [file]) => {
  if (file === undefined) throw new UsageError('users import: say which file, or - for standard input')
  const source = file === '-' ? undefined : await open(file, 'r')
  const total = source === undefined ? undefined : await countLines(file)
  const bar = progress(io, 'imported', total)
  try {
    const body: AsyncIterable<Uint8Array> = source?.createReadStream() ?? io.input
    for await (const line of node().lines('POST', '/users/import', body)) {
      const { done, report, error, message } = Object(JSON.parse(line))
      if (error !== undefined) throw new NodeRefusedError(String(error), String(message))
      if (typeof done === 'number') bar.show(done)
      if (report === undefined) continue
      bar.end()
      await io.write(format === 'json' ? `${JSON.stringify(report)}\n` : reportWords(report))
    }
  } finally {
    bar.end()
    await source?.close()
  }
}

const reportWords = (report: object): string =>
  `${Object.entries(report)
    .map(([what, count]) => `${what} ${String(count)}`)
    .join(', ')}\n`

const countLines = async (file: string): Promise<number> => {
  const source = await open(file, 'r')
  let count = 0
  const lines = source.readLines()
  for await (const line of lines) count += line === '' ? 0 : 1
  return count
}

const changeUser =
  (action: 'disable' | 'enable' | 'erase', done: string): Action =>
  async ({ io, node, format }, [user]) => {
    if (user === undefined) throw new UsageError(`users ${action}: say which user, by name or account id`)
    const answer = await node().ask('POST', `/users/${action}?user=${encodeURIComponent(user)}`)
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    return io.write(`${fieldOf(answer, 'username')} is ${done}, on ${fieldOf(answer, 'members')} members.\n`)
  }

const erase = changeUser('erase', 'erased')

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['export', exportUsers],
  ['import', importUsers],
  ['disable', changeUser('disable', 'disabled')],
  ['enable', changeUser('enable', 'enabled again')],
  [
    'erase',
    (context, args) => {
      if (context.consent === 'given') return erase(context, args)
      throw new UsageError('users erase: the account and its data go for good, on every member; add --yes')
    },
  ],
])
