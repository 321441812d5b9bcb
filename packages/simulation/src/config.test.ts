import { expect, test } from 'vitest'
import { createVirtualDisk } from './disk/virtual-disk.ts'
import { defaultConditions, type Conditions } from './network/conditions.ts'
import { seededRandom } from './random.ts'
import { shortestStory } from './shortest-story.ts'
import { simulate } from './simulate.ts'

/** As a program in JavaScript may ask for. */
const given = (json: string): never => JSON.parse(json) as never

test.each<[string, string]>([
  ['{ "los": 0.3 }', 'los is unknown; allowed: delay, reorder, reorderBy, duplicate, loss, lossOnLinks'],
  ['{ "loss": 1.5 }', 'loss is 1.5; allowed: a number from 0 to 1'],
  ['{ "delay": [5] }', 'delay is a list of 1 entry'],
  ['{ "delay": [5, 1] }', 'delay is [5, 1]; allowed: the least, then the same or more'],
  ['{ "lossOnLinks": "never" }', 'lossOnLinks is "never"; allowed: "delays", "drops"'],
  ['{ "retransmit": 0 }', 'retransmit is 0'],
])('conditions %s are refused, at the beginning and later', (json, message) => {
  const conditions: Partial<Conditions> = given(json)
  expect(() => simulate({ seed: 1, conditions }, () => undefined)).toThrow(message)
  expect(() => simulate({ seed: 1 }, ({ network }) => network.conditions(conditions))).toThrow(message)
})

test('the defaults keep to the rules, and there is a rule for each condition', () => {
  expect(() => simulate({ seed: 1, conditions: defaultConditions }, () => undefined)).not.toThrow()
})

test('a seed that is none, and options that nobody knows, are refused by name', async () => {
  expect(() => simulate({ seed: 1.5 }, () => undefined)).toThrow('seed is 1.5; allowed: a whole number')
  expect(() => simulate(given('{ "seed": 1, "condition": {} }'), () => undefined)).toThrow(
    'condition is unknown',
  )
  const delay = [2, 1] as const
  expect(() => createVirtualDisk({ random: seededRandom(1), delay })).toThrow('delay is [2, 1]')
  await expect(shortestStory([], () => true, { mostRuns: -1 })).rejects.toMatchObject({ option: 'mostRuns' })
})
