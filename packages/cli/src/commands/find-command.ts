import { UsageError } from '../errors.ts'
import { usageOf, type Command } from './command.ts'

export interface Found {
  readonly command: Command
  readonly args: readonly string[]
}

/** The command whose name the words begin with, the longest, and what is left. @throws UsageError that says what is allowed */
export const findCommand = (commands: readonly Command[], words: readonly string[]): Found => {
  const [command] = commands
    .filter(({ name }) => beginsWith(words, name))
    .toSorted((one, other) => other.name.length - one.name.length)
  if (command === undefined) throw unknown(commands, words)
  const args = words.slice(command.name.split(' ').length)
  checkCount(commands, command, args)
  return { command, args }
}

/** All that begin with these words; none if there is no such. */
export const commandsUnder = (commands: readonly Command[], words: readonly string[]): readonly Command[] =>
  commands.filter(({ name }) => beginsWith(name.split(' '), words.join(' ')))

const beginsWith = (words: readonly string[], name: string): boolean =>
  name === '' || `${words.join(' ')} `.startsWith(`${name} `)

const unknown = (commands: readonly Command[], [first = '', second]: readonly string[]): UsageError => {
  const group = commandsUnder(commands, [first])
  if (group.length === 0) {
    const names = new Set(commands.map(({ name }) => name.split(' ')[0]))
    return new UsageError(`${JSON.stringify(first)} is none of ${[...names].join(', ')}`)
  }
  const actions = group.map(({ name }) => name.slice(first.length + 1)).join(', ')
  if (second === undefined) return new UsageError(`${first}: say which: ${actions}`)
  return new UsageError(`${first}: ${JSON.stringify(second)} is none of ${actions}`)
}

const checkCount = (commands: readonly Command[], command: Command, args: readonly string[]): void => {
  const { name, takes } = command
  const missing = takes.filter((each) => each.startsWith('<'))[args.length]
  if (missing !== undefined)
    throw new UsageError(`${name}: ${missing} is missing; allowed: ${usageOf(command)}`)
  const surplus = args[takes.length]
  if (surplus === undefined) return
  const others = commandsUnder(commands, [name]).filter((each) => each !== command)
  const either = others.map((each) => `, ${usageOf(each)}`).join('')
  throw new UsageError(
    `${name}: ${JSON.stringify(surplus)} is too much; allowed: ${usageOf(command)}${either}`,
  )
}
