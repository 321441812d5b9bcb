import { expect, test } from 'vitest'
import type { ClusterNode } from './cluster-node.ts'
import './vitest.ts'
import { differences } from './vitest/differences.ts'
import { renderLogs } from './vitest/show-logs.ts'

const fakeNode = (name: string, kind: string, log: readonly string[] = []): ClusterNode =>
  ({ name, state: { kind }, log }) as unknown as ClusterNode

test('a cluster converges when all that run say the same, or is said not to', async () => {
  const cluster = {
    nodes: [fakeNode('one', 'running'), fakeNode('two', 'running'), fakeNode('dead', 'exited')],
  }
  let asked = 0
  const inTheEnd = ({ name }: ClusterNode): unknown => (++asked < 10 ? name : 'the same')
  await expect(cluster).toConverge(inTheEnd)
  const never = ({ name }: ClusterNode): string[] => [name === 'two' ? 'a' : 'b']
  await expect(expect(cluster).toConverge(never, { within: 50 })).rejects.toThrow(
    'two differs from one at character 2: ["a"] instead of ["b"]',
  )
})

test('a node has exactly its members, in any order, or is said whom it misses', async () => {
  const members = (): string[] => ['b', 'a']
  await expect(fakeNode('one', 'running')).toHaveMembers(['a', 'b'], members)
  await expect(
    expect(fakeNode('one', 'running')).toHaveMembers(['a', 'c'], members, { within: 50 }),
  ).rejects.toThrow('one misses c and has besides b')
})

test('the order of keys makes no difference, that of items does', () => {
  const said = (...all: unknown[]): string | undefined =>
    differences(all.map((says, index) => ({ name: `n${index}`, says })))
  expect(said({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBeUndefined()
  expect(said([1, 2], [2, 1])).toContain('n1 differs from n0')
  expect(said()).toBe('no node runs')
})

test('logs are shown node by node, the newest lines only', () => {
  const node = fakeNode('one', 'running', ['a', 'b', 'c'])
  expect(renderLogs({ nodes: [node] }, 2)).toBe('--- one (running, 1 lines before)\nb\nc\n')
})
