import type { Io } from '../io.ts'
import type { NodeClient } from '../node-client.ts'

export interface CommandContext {
  readonly io: Io
  /** Connects when it is asked for: not every command needs a node. */
  readonly node: () => NodeClient
  /** What came after the command's name: as many as the command takes. */
  readonly args: readonly string[]
  readonly format: 'text' | 'json'
}

export interface Command {
  /** Its words, such as `users erase`. */
  readonly name: string
  /** What it takes after its name: `<file>` has to be there, `[file]` may. */
  readonly takes: readonly string[]
  readonly words: string
  /** What cannot be undone, in a few words: it is done only with `--yes`. @default it can be */
  readonly askedFor?: string
  /** More than a line, for `help` of this command. @default none */
  readonly details?: string
  /** Resolves with the exit code, or with nothing for 0. */
  run(context: CommandContext): Promise<number | void>
}

/** As it is typed. */
export const usageOf = ({ name, takes, askedFor }: Command): string =>
  [name, ...takes, ...(askedFor === undefined ? [] : ['--yes'])].join(' ')
