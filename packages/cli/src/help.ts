import { UsageError } from './errors.ts'
import { usageOf, type Command } from './commands/command.ts'
import { commandsUnder } from './commands/find-command.ts'

const options = `\
  --data <folder>   the node's data folder (also DATA_DIR); without it, the only node in .data
  --socket <path>   the node's socket itself (also GRAPEVINE_SOCKET)
  --json            for programs: one JSON value per answer, errors too
  --yes             no further question
  --version         the version of this program
  --help            this; of one command: grapevine help <command>

Exit codes: 0 done, 1 not done, 2 not understood; doctor: 3 something is wrong.
`

/** Of everything, or of the commands that begin with these words. @throws UsageError */
export const helpOf = (commands: readonly Command[], words: readonly string[]): string => {
  const about = commandsUnder(commands, words)
  if (about.length === 0) {
    const names = new Set(commands.map(({ name }) => name.split(' ')[0]))
    throw new UsageError(`help: ${JSON.stringify(words.join(' '))} is none of ${[...names].join(', ')}`)
  }
  const list = about.map((command) => `  ${usageOf(command)}\n      ${command.words}`).join('\n')
  if (words.length > 0) {
    const details = about.flatMap((command) => command.details ?? []).join('\n')
    return `Usage: grapevine [--data <folder>] [--json] …\n\n${list}\n${details === '' ? '' : `\n${details}\n`}\n${options}`
  }
  return `Talks to a running Grapevine node on this machine.

Usage: grapevine [--data <folder>] [--json] <command>

${list}
  help [command]
      This, or more about one command

${options}`
}
