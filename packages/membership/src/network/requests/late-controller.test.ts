import { expect, test } from 'vitest'
import { lateController } from './late-controller.ts'

test('a_signal_that_is_asked_for_before_the_abort_is_told_of_it', () => {
  const controller = lateController()
  const { signal } = controller
  expect(signal.aborted).toBe(false)
  controller.abort(new Error('over'))
  expect(signal.reason).toEqual(new Error('over'))
})

test('a_signal_that_is_asked_for_after_the_abort_is_aborted_for_the_first_reason', () => {
  const controller = lateController()
  controller.abort(new Error('over'))
  controller.abort(new Error('over again'))
  expect(controller.signal.reason).toEqual(new Error('over'))
  expect(controller.signal).toBe(controller.signal)
})
