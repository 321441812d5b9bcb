/**
 * Every order of messages, flushes, crashes and false suspicions for two and three nodes that claim one name. The world is
 * modelled; what decides is the code that ships.
 */
import { describe, expect, test } from 'vitest'
import { explore, type Scenario } from '../testing/sign-up-orders.ts'

const two = (ranks: readonly number[]) => ranks.map((rank, node) => ({ node, rank }))

describe('in every order', () => {
  test.each<[string, Scenario]>([
    ['two nodes', { nodes: 2, signUps: two([1, 2]) }],
    ['two nodes, the other first', { nodes: 2, signUps: two([2, 1]) }],
    ['three nodes, two sign-ups', { nodes: 3, signUps: two([1, 2]) }],
    ['three nodes, two sign-ups, the other first', { nodes: 3, signUps: two([2, 1]) }],
    [
      'two at one node and one at the other',
      {
        nodes: 2,
        signUps: [
          { node: 0, rank: 2 },
          { node: 0, rank: 1 },
          { node: 1, rank: 3 },
        ],
      },
    ],
  ])('exactly one of those who ask is answered "ok": %s', (_what, scenario) => {
    const found = explore(scenario)
    expect(found.states).toBeGreaterThan(20)
    expect(found.mostGranted).toBe(1)
    expect(found.fewestGranted).toBe(1)
    expect(found.isOwnedByAnother).toBe(false)
  })

  test('with one false suspicion still at most one', () => {
    for (const ranks of [
      [1, 2],
      [2, 1],
    ])
      for (const nodes of [2, 3])
        expect(explore({ nodes, signUps: two(ranks), suspicions: 1 }).mostGranted).toBe(1)
  })

  test('with a crash still at most one', () => {
    for (const ranks of [
      [1, 2],
      [2, 1],
    ])
      expect(explore({ nodes: 2, signUps: two(ranks), crashes: 1 }).mostGranted).toBe(1)
  })

  test('in a split both are answered, which is what merging is for', () => {
    expect(explore({ nodes: 2, signUps: two([1, 2]), suspicions: 2 }).mostGranted).toBe(2)
  })
})

describe('the orders find what a weaker rule would allow:', () => {
  const atOneNode = [
    { node: 0, rank: 2 },
    { node: 0, rank: 1 },
  ]
  test.each<[string, Scenario]>([
    ['not looking at what is held before writing', { nodes: 2, signUps: atOneNode, without: 'heldBefore' }],
    ['not asking what was granted', { nodes: 2, signUps: two([2, 1]), suspicions: 1, without: 'granted' }],
    ['not waiting for all', { nodes: 2, signUps: two([1, 2]), without: 'waiting' }],
  ])('%s', (_what, scenario) => {
    expect(explore(scenario).mostGranted).toBe(2)
    expect(explore({ ...scenario, without: undefined }).mostGranted).toBe(1)
  })
})
