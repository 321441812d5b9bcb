import { parseArgs } from 'node:util'
import { reasonOf } from '@grapevine/std'
import { members } from './commands/members.ts'
import { operators } from './commands/operators.ts'
import { secret } from './commands/secret.ts'
import { sessions } from './commands/sessions.ts'
import { status } from './commands/status.ts'
import { users } from './commands/users.ts'
import { UsageError } from './errors.ts'
import { nodeClient } from './node-client.ts'
import { findSocket } from './socket.ts'
import type { Command } from './commands/command.ts'
import type { Io } from './io.ts'

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({ members, status, users, operators, sessions, secret }),
)

const options = {
  data: { type: 'string' },
  socket: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs one command line, without the program's name. Resolves with the exit code: 0, 1 for a failure, 2 for bad usage. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    await dispatch(argv, io)
    return 0
  } catch (error) {
    io.say(`${reasonOf(error)}\n`)
    if (!(error instanceof UsageError)) return 1
    io.say('Try: grapevine --help\n')
    return 2
  }
}

const dispatch = async (argv: readonly string[], io: Io): Promise<void> => {
  const { values, positionals } = parse(argv)
  const [name, ...args] = positionals
  if (values.help === true || name === undefined) return io.write(help)
  const command = commands.get(name)
  if (command === undefined) {
    throw new UsageError(`${JSON.stringify(name)} is none of ${[...commands.keys()].join(', ')}`)
  }
  return command.run({
    io,
    args,
    node: () => nodeClient(findSocket(values, io)),
    format: values.json === true ? 'json' : 'text',
    consent: values.yes === true ? 'given' : 'not-given',
  })
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(reasonOf(error), { cause: error })
  }
}

const help = `Talks to a running Grapevine node on this machine.

Usage: grapevine [--data <folder>] [--json] <command>

${[...commands.values()].map(({ usage, words }) => `  ${usage}\n      ${words}`).join('\n')}

  --data <folder>   the node's data folder (also DATA_DIR); without it, the only node in .data
  --socket <path>   the node's socket itself (also GRAPEVINE_SOCKET)
  --json            for programs
  --yes             no further question
`
