/** What a command needs of the world; handed in, so that tests need no process. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** For what was asked for; it may be a pipe that is full. Rejects with `EPIPE` when nobody reads any more. */
  write(text: string): Promise<void>
  /** For people, not for programs: progress, hints, errors. */
  say(text: string): void
  /** Whether somebody watches, and how wide: a bar is drawn only then. */
  readonly columns: number | undefined
  /** What `-` stands for. */
  readonly input: AsyncIterable<Uint8Array>
  /** Ends what is under way, with nothing left behind. @default never */
  readonly signal?: AbortSignal
}
