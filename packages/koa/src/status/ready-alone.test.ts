import { expect, test } from 'vitest'
import { readyAlone } from './ready-alone.ts'

const member = { expectsOthers: true, isAlone: true, aloneFor: 0 }
const readyAloneOf = (state: typeof member, after: number) =>
  readyAlone({ discovery: () => ({ ...state, names: [], addresses: [], interfaces: [] }) }, after)

test('who expects others and reaches none is not ready for a while, and then is', () => {
  const state = { ...member }
  const mayBeReady = readyAloneOf(state, 30_000)
  expect(mayBeReady(true)).toBe(false)
  state.aloneFor = 29_999
  expect(mayBeReady(true)).toBe(false)
  state.aloneFor = 30_000
  expect(mayBeReady(true)).toBe(true)
})

test('with never, it rather stands still', () => {
  expect(readyAloneOf({ ...member, aloneFor: 1e9 }, Infinity)(true)).toBe(false)
})

test('who has no reason to believe in others does not wait, nor who reaches one', () => {
  expect(readyAloneOf({ ...member, expectsOthers: false }, Infinity)(true)).toBe(true)
  expect(readyAloneOf({ ...member, isAlone: false }, Infinity)(true)).toBe(true)
})

test('once it was ready, what others send or a split does makes it unready no more', () => {
  const state = { ...member, isAlone: false }
  const mayBeReady = readyAloneOf(state, Infinity)
  expect(mayBeReady(true)).toBe(true)
  state.isAlone = true
  expect(mayBeReady(true)).toBe(true)
})

test('until its own data is there nothing is settled', () => {
  const state = { ...member, expectsOthers: false }
  const mayBeReady = readyAloneOf(state, Infinity)
  expect(mayBeReady(false)).toBe(true)
  state.expectsOthers = true
  expect(mayBeReady(true)).toBe(false)
})
