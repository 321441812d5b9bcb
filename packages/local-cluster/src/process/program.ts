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

export interface ProgramOptions {
  readonly entry?: string | URL | undefined
  readonly command?: readonly string[] | undefined
  readonly args: readonly string[]
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
export const commandOf = (program: Program, preload: URL): readonly string[] => {
  if (program.kind === 'command') return program.command
  return [process.execPath, '--import', preload.href, program.path, ...program.args]
}
