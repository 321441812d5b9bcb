/** Runs a task when all that were given before it have ended, well or not. Settles as the task does. */
export type SerialQueue = <T>(task: () => Promise<T>) => Promise<T>

/** A queue of one at a time: each task sees what the one before has done. It is not bounded; who asks must be. */
export const serialQueue = (): SerialQueue => {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    const own = last.then(task)
    // Its failure is told to who asked for it, not to who comes next.
    last = own.catch(() => undefined)
    return await own
  }
}
