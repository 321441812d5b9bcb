import cluster from 'node:cluster'

/** That the process was told to end. */
export interface Ending {
  /** Aborted by the first SIGTERM or SIGINT, with the signal's name as its reason. */
  readonly signal: AbortSignal
}

/** Somebody else looks after the process: it never ends by itself. */
export const neverEnding = (): Ending => ({ signal: new AbortController().signal })

/**
 * Listens from now on. As the first process of a container, one without a handler ignores SIGTERM, so this comes before
 * anything slow is loaded. Further signals change nothing: a terminal and a launcher may both send one.
 */
export const watchSignals = (of: Pick<NodeJS.Process, 'on'> = process): Ending => {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) of.on(name, () => controller.abort(name))
  return { signal: controller.signal }
}

/** A worker of node:cluster would wait for ever for what the process that started it may still say. */
export const letGoOfPrimary = (worker: { disconnect(): unknown } | undefined = cluster.worker): void =>
  void worker?.disconnect()

/** Milliseconds. */
const mostAfterTheEnd = 3_000

/** When all is stopped, what still holds the process, such as lines of the log that nobody reads, holds it only for so long. */
export const endSoon = (exit: () => void = () => process.exit()): void =>
  void setTimeout(exit, mostAfterTheEnd).unref()
