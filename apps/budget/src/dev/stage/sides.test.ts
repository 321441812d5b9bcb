import { expect, test } from 'vitest'
import { createNetwork } from './sides.ts'

const networkOf = (count: number) => {
  const done: unknown[] = []
  const nodes = Array.from({ length: count }, (_each, index) => ({ name: `node-${index + 1}` }))
  const cluster = {
    nodes,
    partition: async (groups: unknown) => void done.push(groups),
    heal: async () => void done.push('heal'),
  }
  // Only what is asked of a cluster here.
  return { network: createNetwork(cluster as never), done }
}

test('there is a left and a right before, during and after a cut, and only a cut is cut', async () => {
  const { network, done } = networkOf(3)
  const halves = { left: ['node-1'], right: ['node-2', 'node-3'] }
  expect(network.sides()).toEqual({ ...halves, isCut: false })
  expect(await network.cutInTwo()).toEqual({ ...halves, isCut: true })
  expect(await network.cutOff('node-3')).toEqual({
    left: ['node-3'],
    right: ['node-1', 'node-2'],
    isCut: true,
  })
  await network.heal()
  expect(network.sides()).toEqual({ ...halves, isCut: false })
  expect(done).toEqual([[['node-1'], ['node-2', 'node-3']], [['node-3'], ['node-1', 'node-2']], 'heal'])
})
