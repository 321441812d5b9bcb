import { expect, test } from 'vitest'
import { unreadSlots } from './unread-slots.ts'

const slot = (stamp: number, hasData = true) => ({ folder: `slot-${hasData ? 2 : 3}`, stamp, hasData })

test('a slot with data that nobody stamps is told after some turns, until somebody has it', () => {
  const look = unreadSlots(2)
  expect([look([slot(7)]), look([slot(7)]), look([slot(7)])]).toEqual([[], [], ['slot-2']])
  expect([look([slot(7)]), look([slot(8)]), look([slot(9)])]).toEqual([['slot-2'], [], []])
})

test('one that was left by a version without stamps is told as well', () => {
  const look = unreadSlots(1)
  expect([look([slot(0)]), look([slot(0)])]).toEqual([[], ['slot-2']])
})

test('one without data misses nobody', () => {
  const look = unreadSlots(1)
  expect([look([slot(7, false)]), look([slot(7, false)])]).toEqual([[], []])
})
