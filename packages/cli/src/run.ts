import { readFileSync } from 'node:fs'
import { codeOf, parseJson, reasonOf } from '@grapevine/std'
import { parseArguments } from './arguments.ts'
import { backup, restore } from './commands/backup.ts'
import { doctor } from './commands/doctor.ts'
import { finalize } from './commands/finalize.ts'
import { findCommand } from './commands/find-command.ts'
import { membersForget, membersList } from './commands/members.ts'
import { operatorsGrant, operatorsList, operatorsRevoke } from './commands/operators.ts'
import { secretNew } from './commands/secret.ts'
import { sessionsEndAll } from './commands/sessions.ts'
import { status } from './commands/status.ts'
import { usersDisable, usersEnable, usersErase, usersExport, usersImport } from './commands/users.ts'
import { UsageError } from './errors.ts'
import { helpOf } from './help.ts'
import { nodeClient } from './node-client.ts'
import { findSocket } from './socket.ts'
import { fieldOf } from './table.ts'
import type { Command } from './commands/command.ts'
import type { Io } from './io.ts'

const commands: readonly Command[] = [
  membersList,
  membersForget,
  status,
  doctor,
  backup,
  restore,
  usersExport,
  usersImport,
  usersDisable,
  usersEnable,
  usersErase,
  operatorsList,
  operatorsGrant,
  operatorsRevoke,
  sessionsEndAll,
  finalize,
  secretNew,
]

/** What a shell says of a program that wrote to a pipe that nobody reads any more. */
const closedPipe = 141

/**
 * Runs one command line, without the program's name. Resolves with the exit code: 0, 1 for a failure, 2 for bad usage, what
 * the command says itself, or 141 when nobody reads the answer any more.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    return (await dispatch(argv, io)) ?? 0
  } catch (error) {
    if (codeOf(error) === 'EPIPE') return closedPipe
    io.say(argv.includes('--json') ? jsonOf(error) : wordsOf(error))
    return error instanceof UsageError ? 2 : 1
  }
}

const jsonOf = (error: unknown): string =>
  `${JSON.stringify({ error: codeOf(error) ?? 'FAILED', message: reasonOf(error) })}\n`

const wordsOf = (error: unknown): string =>
  `${reasonOf(error)}\n${error instanceof UsageError ? 'Try: grapevine --help\n' : ''}`

const dispatch = async (argv: readonly string[], io: Io): Promise<number | void> => {
  const { words, values } = parseArguments(argv)
  const format = values.json === true ? 'json' : 'text'
  if (values.version === true) return writeVersion(io, format)
  const [first, ...rest] = words
  if (first === undefined || first === 'help') return io.write(helpOf(commands, rest))
  if (values.help === true) return io.write(helpOf(commands, words))
  const { command, args } = findCommand(commands, words)
  const { name, askedFor } = command
  if (askedFor === undefined && values.yes === true)
    throw new UsageError(`${name}: --yes is not asked for; allowed: without it`)
  if (askedFor !== undefined && values.yes !== true) throw new UsageError(`${name}: ${askedFor}; add --yes`)
  return command.run({ io, args, node: () => nodeClient(findSocket(values, io), io.signal), format })
}

const writeVersion = (io: Io, format: 'text' | 'json'): Promise<void> => {
  const version = fieldOf(
    parseJson(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
    'version',
  )
  return io.write(format === 'json' ? `${JSON.stringify({ version })}\n` : `${version}\n`)
}
