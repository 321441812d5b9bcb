import { Worker } from 'node:worker_threads'
import type { Outcome } from './outcome.ts'

export interface RunOptions {
  readonly seeds: Iterable<number>
  /** Threads, each with one seed at a time. */
  readonly threads: number
  /** Told of each seed as it ends. */
  readonly onOutcome: (outcome: Outcome) => void
  /** No further seed is begun when it aborts. */
  readonly signal?: AbortSignal
}

/** A thread that has run so many seeds makes room for a new one: nothing of a run need be tidied up. */
const seedsPerThread = 50

/** Runs all seeds, on so many threads. */
export const runSeeds = async ({ seeds, threads, onOutcome, signal }: RunOptions): Promise<void> => {
  const left = seeds[Symbol.iterator]()
  const next = (): number | undefined => {
    if (signal?.aborted === true) return undefined
    const { done, value } = left.next()
    return done === true ? undefined : value
  }
  const work = async (): Promise<void> => {
    for (let seed = next(); seed !== undefined;) {
      const worker = new Worker(new URL('./worker.js', import.meta.url))
      try {
        for (let count = 0; count < seedsPerThread && seed !== undefined; count += 1) {
          onOutcome(await ask(worker, seed))
          seed = next()
        }
      } finally {
        await worker.terminate()
      }
    }
  }
  await Promise.all(Array.from({ length: threads }, work))
}

const ask = (worker: Worker, seed: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const answered = (outcome: Outcome): void => {
      worker.off('error', reject)
      resolve(outcome)
    }
    worker.once('message', answered)
    worker.once('error', reject)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(seed)
  })
