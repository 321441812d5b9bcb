/** Runs tasks one after the other: each sees what the one before has done. */
export const oneAtATime = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    const turn = last.then(task)
    // Its failure is told to who asked for it, not to who comes next.
    last = turn.catch(() => undefined)
    return await turn
  }
}
