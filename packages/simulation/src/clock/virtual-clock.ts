import { createTaskQueue } from './task-queue.ts'

/** Time that stands still until it is advanced; a minute passes in as long as its tasks take. */
export interface VirtualClock {
  /** Milliseconds since the simulation began. */
  now(): number
  /**
   * Runs the task after `ms` milliseconds of virtual time.
   * @returns how to cancel it
   */
  after(ms: number, task: () => void): () => void
  /** Runs all tasks of the next `ms` milliseconds, in order. What a task throws ends the advance. */
  advance(ms: number): void
  /** As `advance`, and lets promises settle after each task: for nodes that wait for promises. */
  settle(ms: number): Promise<void>
}

export const createVirtualClock = (): VirtualClock => {
  const tasks = createTaskQueue()
  let time = 0
  let turn = 0

  /** Runs the next task that is due before `end`; false when there is none. */
  const runNext = (end: number): boolean => {
    const next = tasks.first()
    if (next === undefined || next.at > end) return false
    tasks.takeFirst()
    if (next.run !== undefined) {
      time = next.at
      next.run()
    }
    return true
  }

  return {
    now: () => time,
    after: (ms, run) => {
      const task = { at: time + Math.max(0, ms), turn: (turn += 1), run: run as (() => void) | undefined }
      tasks.add(task)
      return () => {
        task.run = undefined
      }
    },
    advance: (ms) => {
      const end = time + ms
      while (runNext(end));
      time = end
    },
    settle: async (ms) => {
      const end = time + ms
      await promisesSettled()
      while (runNext(end)) await promisesSettled()
      time = end
    },
  }
}

/** Every chain of promises that needs no IO is through when the event loop comes round. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
