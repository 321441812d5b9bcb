import { expect, test } from 'vitest'
import { rebuilding, type Restartable } from './rebuilding.ts'
import type { Compiled } from './compiler.ts'

const done: Compiled = { kind: 'done' }

const nodeOf = (name: string, kind: Restartable['state']['kind'] = 'running') => {
  const node = {
    name,
    state: { kind },
    restarts: 0,
    broken: false,
    restart: async () => {
      node.restarts += 1
      node.state = { kind: node.broken ? 'exited' : 'running' }
      if (node.broken) throw new Error('it threw')
    },
  }
  return node
}

const start = (nodes: readonly Restartable[], compile: () => Promise<Compiled> = async () => done) => {
  const said: string[] = []
  return {
    said,
    edited: rebuilding({ nodes: () => nodes, compile, say: (line) => said.push(line), now: () => 0 }),
  }
}

test('all that run start anew; who was stopped stays stopped', async () => {
  const nodes = [nodeOf('node-1'), nodeOf('node-2', 'exited')]
  const { said, edited } = start(nodes)
  await edited()
  expect(nodes.map(({ restarts }) => restarts)).toEqual([1, 0])
  expect(said).toEqual(['rebuilt in 0.0 s; node-1 start anew'])
})

test('what does not compile is told, and nobody is restarted', async () => {
  const node = nodeOf('node-1')
  const { said, edited } = start([node], async () => ({ kind: 'failed', words: 'a.ts(1,1): error TS1' }))
  await edited()
  expect(node.restarts).toBe(0)
  expect(said).toEqual(['not rebuilt, and so not restarted:\na.ts(1,1): error TS1'])
})

test('an instance that an edit broke is tried again with the next', async () => {
  const node = nodeOf('node-1')
  const { said, edited } = start([node])
  node.broken = true
  await edited()
  expect(said.at(-1)).toBe('node-1 does not start: it threw')
  node.broken = false
  await edited()
  expect(node).toMatchObject({ restarts: 2, state: { kind: 'running' } })
})

test('edits that come during a round are one more round together', async () => {
  const gates: (() => void)[] = []
  const { edited } = start([], async () => {
    await new Promise<void>((resolve) => gates.push(resolve))
    return done
  })
  const all = edited()
  await edited()
  await edited()
  expect(gates).toHaveLength(1)
  gates[0]?.()
  while (gates.length < 2) await new Promise(setImmediate)
  gates[1]?.()
  await all
  expect(gates).toHaveLength(2)
})
