import { assert, array, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { createTaskQueue, type Task } from './task-queue.ts'

test('tasks come out by time, those of one time in the order in which they went in', () => {
  assert(
    property(array(integer({ min: 0, max: 20 })), (times) => {
      const queue = createTaskQueue()
      const tasks: Task[] = times.map((at, turn) => ({ at, turn, run: undefined }))
      for (const task of tasks) queue.add(task)
      const out: (Task | undefined)[] = tasks.map(() => queue.takeFirst())
      expect(out).toEqual([...tasks].sort((a, b) => a.at - b.at || a.turn - b.turn))
      expect(queue.takeFirst()).toBeUndefined()
    }),
  )
})
