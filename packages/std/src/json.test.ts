import { expect, test } from 'vitest'
import { isRecord, parseJson } from './json.ts'

test('text that is no JSON is nothing, and no error that quotes it', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] })
  for (const text of ['', '{"a":', 'undefined', '{"a":1}x']) expect(parseJson(text)).toBeUndefined()
})

test('a record is an object that is no list', () => {
  expect([{}, { a: 1 }, Object.create(null)].map(isRecord)).toEqual([true, true, true])
  expect([null, undefined, [], 'text', 1, () => 1].map(isRecord)).toEqual(Array(6).fill(false))
})
