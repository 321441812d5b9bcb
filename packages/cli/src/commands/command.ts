import type { Io } from '../io.ts'
import type { NodeClient } from '../node-client.ts'

export interface CommandContext {
  readonly io: Io
  /** Connects when it is asked for: not every command needs a node. */
  readonly node: () => NodeClient
  /** What came after the command's name. */
  readonly args: readonly string[]
  readonly format: 'text' | 'json'
  /** Whether the person said yes beforehand. */
  readonly consent: 'given' | 'not-given'
}

export interface Command {
  /** What comes after `grapevine`. */
  readonly usage: string
  readonly words: string
  run(context: CommandContext): Promise<void>
}
