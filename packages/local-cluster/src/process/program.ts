import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from '../errors.ts'

/** What each node runs. */
export type Program =
  /** A JavaScript file, with this Node.js and the preload. */
  | { readonly kind: 'entry'; readonly path: string; readonly args: readonly string[] }
  /** Anything else: the program and its arguments. */
  | { readonly kind: 'command'; readonly command: readonly string[] }

export interface ProgramOptions {
  entry?: string | URL
  command?: readonly string[]
  args?: readonly string[]
}

/** @throws OptionError unless there is one of the two, and it can be run */
export const resolveProgram = ({ entry, command, args = [] }: ProgramOptions): Program => {
  if (entry !== undefined && command !== undefined)
    throw new OptionError('command', command, 'either entry or command, not both')
  if (command !== undefined) return { kind: 'command', command: [...checkCommand(command), ...args] }
  if (entry === undefined)
    throw new OptionError('entry', 'nothing', 'a JavaScript file, or else a program as command')
  return { kind: 'entry', path: checkEntry(entry), args }
}

/** The command line of a node. */
export const commandOf = (program: Program, preload: URL): readonly string[] => {
  if (program.kind === 'command') return program.command
  return [process.execPath, '--import', preload.href, program.path, ...program.args]
}

const checkCommand = (command: readonly string[]): readonly string[] => {
  const usable =
    Array.isArray(command) &&
    command.every((part) => typeof part === 'string' && !part.includes('\0')) &&
    command[0]
  if (!usable) throw new OptionError('command', command, "a program and its arguments: ['python3', 'app.py']")
  return command
}

const checkEntry = (entry: string | URL): string => {
  if (entry instanceof URL && entry.protocol !== 'file:') {
    throw new OptionError('entry', entry.href, 'a path or a file: URL')
  }
  const path = entry instanceof URL ? fileURLToPath(entry) : resolve(entry)
  if (!existsSync(path)) throw new OptionError('entry', path, 'a file that exists')
  return path
}
