import { createHash } from 'node:crypto'

/**
 * What happened in a run, in order, to be compared with another of the same seed: all lines in a hash, the newest as they are.
 */
export interface Trace {
  /** @param line - without anything that differs from run to run, such as the real time */
  note(line: string): void
  /** Of all that was noted until now. */
  digest(): string
  /** The newest lines, oldest first; what came before them is in the digest alone. */
  readonly newest: readonly string[]
  readonly count: number
}

const mostKept = 10_000

export const createTrace = (): Trace => {
  const hash = createHash('sha256')
  let newest: string[] = []
  let count = 0
  return {
    note: (line) => {
      count += 1
      hash.update(`${line}\n`)
      newest.push(line)
      if (newest.length >= 2 * mostKept) newest = newest.slice(-mostKept)
    },
    digest: () => hash.copy().digest('hex'),
    get newest() {
      return newest.slice(-mostKept)
    },
    get count() {
      return count
    },
  }
}
