export interface Task {
  readonly at: number
  /** Tasks of the same time run in the order in which they were set. */
  readonly turn: number
  /** Undefined once cancelled. */
  run: (() => void) | undefined
}

/** A binary heap: the earliest task first. */
export interface TaskQueue {
  add(task: Task): void
  first(): Task | undefined
  takeFirst(): Task | undefined
}

export const createTaskQueue = (): TaskQueue => {
  const heap: Task[] = []

  const isEarlier = (one: number, other: number): boolean => {
    const a = heap[one]
    const b = heap[other]
    if (a === undefined || b === undefined) return a !== undefined
    return a.at === b.at ? a.turn < b.turn : a.at < b.at
  }

  const swap = (one: number, other: number): void => {
    const a = heap[one]
    const b = heap[other]
    if (a === undefined || b === undefined) return
    heap[one] = b
    heap[other] = a
  }

  const rise = (index: number): void => {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1
      if (!isEarlier(child, parent)) return
      swap(child, parent)
      child = parent
    }
  }

  const sink = (): void => {
    for (let parent = 0; ;) {
      const left = 2 * parent + 1
      const child = isEarlier(left + 1, left) ? left + 1 : left
      if (!isEarlier(child, parent)) return
      swap(child, parent)
      parent = child
    }
  }

  return {
    add: (task) => {
      heap.push(task)
      rise(heap.length - 1)
    },
    first: () => heap[0],
    takeFirst: () => {
      const first = heap[0]
      const last = heap.pop()
      if (first !== last && last !== undefined) {
        heap[0] = last
        sink()
      }
      return first
    },
  }
}
