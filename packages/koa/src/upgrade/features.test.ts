import { expect, test } from 'vitest'
import { features, isOn, stateOf, type Feature } from './features.ts'

const flight: Feature = { name: 'flight', words: 'members fly', since: 4, needsEverybody: true }

test('a feature that needs everybody is off until the upgrade to it is finalised', () => {
  expect([1, 3, 4, 5].map((finalised) => isOn(flight, finalised))).toEqual([false, false, true, true])
  expect(stateOf(flight, 3)).toBe('off until finalised')
})

test('one that two can use by themselves is on between those that name it', () => {
  expect(stateOf({ ...flight, needsEverybody: false }, 3)).toBe('between those that have it')
})

test('names are told to every member as they are, each once', () => {
  const names = features.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[\w.:-]{1,64}$/)
})
