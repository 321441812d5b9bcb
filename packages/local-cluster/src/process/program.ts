import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidOptionError, check, shown, type Check } from '@grapevine/std'

/** What each node runs. */
export type Program =
  /** A JavaScript file, with this Node.js and the preload. */
  | { readonly kind: 'entry'; readonly path: string; readonly args: readonly string[] }
  /** Anything else: the program and its arguments. */
  | { readonly kind: 'command'; readonly command: readonly string[] }

/** Which Node.js runs the entry of a node. */
export type ExecPathOf = (node: { readonly name: string; readonly index: number }) => string

export interface ProgramOptions {
  readonly entry?: string | URL | undefined
  readonly command?: readonly string[] | undefined
  readonly args: readonly string[]
  readonly execPath?: string | ExecPathOf | undefined
}

const isUrl = (value: unknown): value is URL =>
  typeof value === 'object' && value !== null && 'href' in value && 'protocol' in value

/** Not asked for its class: a test runner may have a `URL` of its own. */
export const entryOption: Check<string | URL> = check(
  (value): value is string | URL => typeof value === 'string' || (isUrl(value) && value.protocol === 'file:'),
  'a path or a file: URL',
)

export const commandOption: Check<readonly string[]> = check(
  (value): value is readonly string[] =>
    Array.isArray(value) &&
    value.every((part) => typeof part === 'string' && !part.includes('\0')) &&
    Boolean(value[0]),
  "a program and its arguments: ['python3', 'app.py']",
)

export const execPathOption: Check<string | ExecPathOf> = check(
  (value): value is string | ExecPathOf =>
    typeof value === 'function' || (typeof value === 'string' && value !== ''),
  'the path of a Node.js, or a function that tells it for a node',
)

/** @throws InvalidOptionError if what is run is no file for a Node.js */
export const resolveExecPath = ({ command, execPath }: ProgramOptions): ExecPathOf => {
  if (command !== undefined && execPath !== undefined)
    throw new InvalidOptionError('execPath', shown(execPath), 'none where a command is run')
  return typeof execPath === 'function' ? execPath : () => execPath ?? process.execPath
}

/** @throws InvalidOptionError unless there is one of the two, and it can be run */
export const resolveProgram = ({ entry, command, args }: ProgramOptions): Program => {
  if (entry !== undefined && command !== undefined)
    throw new InvalidOptionError('command', shown(command), 'either entry or command, not both')
  if (command !== undefined) return { kind: 'command', command: [...command, ...args] }
  if (entry === undefined)
    throw new InvalidOptionError('entry', 'missing', 'a JavaScript file, or else a program as command')
  const path = typeof entry === 'string' ? resolve(entry) : fileURLToPath(entry.href)
  if (!existsSync(path)) throw new InvalidOptionError('entry', shown(path), 'a file that exists')
  return { kind: 'entry', path, args }
}

/** The command line of a node. */
export const commandOf = (program: Program, preload: URL, execPath: string): readonly string[] => {
  if (program.kind === 'command') return program.command
  return [execPath, '--import', preload.href, program.path, ...program.args]
}
