import { expect, test } from 'vitest'
import type { ClusterNode } from '../cluster-node.ts'
import './vitest.ts'
import { differences } from './differences.ts'
import { renderLogs } from './render-logs.ts'

const fakeNode = (name: string, kind: string, log: readonly string[] = []): ClusterNode =>
  ({ name, state: { kind }, log }) as unknown as ClusterNode

const failureOf = async (expectation: Promise<unknown>): Promise<string> =>
  await expectation.then(
    () => expect.unreachable('it passed'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

const [one, two, three] = [
  fakeNode('one', 'running'),
  fakeNode('two', 'running'),
  fakeNode('three', 'running'),
]

test('a cluster converges when all its nodes say the same, or is said not to, once', async () => {
  const cluster = { nodes: [one, two, three] }
  let asked = 0
  const inTheEnd = ({ name }: ClusterNode): unknown => (++asked < 10 ? name : 'the same')
  await expect(cluster).toConverge(inTheEnd)
  const never = ({ name }: ClusterNode): string[] => [name === 'two' ? 'a' : 'b']
  const said = await failureOf(expect(cluster).toConverge(never, { within: 50 }))
  const difference = 'two differs from one at character 2: ["a"] instead of ["b"]'
  expect(said.split(difference)).toEqual([expect.stringMatching(/^still failing after \d+ ms/), ''])
})

test(
  "a matcher speaks by default before the time-out of a test, vitest's 5 s",
  { timeout: 5_000 },
  async () => {
    const said = await failureOf(expect([one, two]).toConverge(({ name }) => name))
    expect(said).toContain('two differs from one')
  },
)

test.each(['exited', 'paused'])('a cluster with a node that is %s does not converge', async (kind) => {
  const gone = fakeNode('gone', kind)
  const asked: string[] = []
  const reading = ({ name }: ClusterNode): string => {
    asked.push(name)
    return 'the same'
  }
  const said = await failureOf(expect({ nodes: [one, gone, two] }).toConverge(reading, { within: 50 }))
  expect(said).toContain(`gone is ${kind}`)
  expect(said).toContain('expect([node, …])')
  expect(asked).not.toContain('gone')
})

test('those nodes are asked that are meant', async () => {
  await expect([one, two]).toConverge(() => 'the same')
  await expect(
    failureOf(expect([one, two]).toConverge(({ name }) => name, { within: 50 })),
  ).resolves.toContain('two differs from one')
  const dead = fakeNode('dead', 'exited')
  await expect(failureOf(expect([one, dead]).toConverge(() => 1, { within: 50 }))).resolves.toContain(
    'dead is exited',
  )
  await expect(failureOf(expect([]).toConverge(() => 1, { within: 50 }))).resolves.toContain('no node')
})

test('a node has exactly its members, each once, in any order, or is said whom it misses', async () => {
  const members = (): string[] => ['b', 'a']
  await expect(one).toHaveMembers(['a', 'b'], members)
  await expect(failureOf(expect(one).toHaveMembers(['a', 'c'], members, { within: 50 }))).resolves.toContain(
    'one has b, a: it misses c and has besides b',
  )
  await expect(
    failureOf(expect(one).toHaveMembers(['a'], () => ['a', 'a'], { within: 50 })),
  ).resolves.toContain('one has a, a: it misses nobody and has besides a')
})

test('the order of keys makes no difference, that of items does', () => {
  const said = (...all: unknown[]): string | undefined =>
    differences(all.map((says, index) => ({ name: `n${index}`, says })))
  expect(said({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBeUndefined()
  expect(said([1, 2], [2, 1])).toContain('n1 differs from n0')
  expect(said()).toBe('there is no node to ask')
})

test('logs are shown node by node, the newest lines only', () => {
  const node = fakeNode('one', 'running', ['a', 'b', 'c'])
  expect(renderLogs({ nodes: [node] }, 2)).toBe('--- one (running, 1 lines before)\nb\nc\n')
})
