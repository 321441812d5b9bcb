/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * What the log of a node is to say of its end: nothing if it ended as it was told to.
 *
 * @param sent the signals that this package has sent it
 */
export const exitNote = (exit: ProcessExit, sent: ReadonlySet<NodeJS.Signals>): string | undefined => {
  if (exit.signal !== null && sent.has(exit.signal)) return undefined
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`
  if (!sent.has('SIGTERM')) return `[local-cluster] it ended by itself, ${how}`
  return exit.code === 0 ? undefined : `[local-cluster] told to stop, it ended ${how}`
}
