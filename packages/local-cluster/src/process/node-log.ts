/** What a node wrote: its newest lines, bounded in number and in length. */
export interface NodeLog {
  /** The lines kept, oldest first. */
  lines(): string[]
  /** Adds one line. */
  add(line: string): void
  /** Takes chunks of one stream and adds its lines as they are complete. Each stream needs its own. */
  stream(): { write(chunk: string): void; end(): void }
}

/** A longer line is cut, so that a program which never ends its line cannot fill the memory. */
const maxLineLength = 8_192

export const createNodeLog = (
  maxLines: number,
  onLine: (line: string) => void = () => undefined,
): NodeLog => {
  const kept: string[] = []

  const add = (line: string): void => {
    const bounded = line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line
    kept.push(bounded)
    onLine(bounded)
    // Cut in bulk: shifting one line for each line added is slow for long logs.
    if (kept.length >= 2 * maxLines) kept.splice(0, kept.length - maxLines)
  }

  const stream = (): { write(chunk: string): void; end(): void } => {
    let open = ''
    return {
      write: (chunk) => {
        const lines = (open + chunk).split(/\r?\n/)
        open = (lines.pop() ?? '').slice(0, maxLineLength + 1)
        for (const line of lines) add(line)
      },
      end: () => {
        if (open !== '') add(open)
        open = ''
      },
    }
  }

  return { lines: () => kept.slice(-maxLines), add, stream }
}
