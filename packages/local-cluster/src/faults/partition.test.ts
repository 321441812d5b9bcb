import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../cluster.ts'
import { FaultTimeoutError } from '../errors.ts'

const entry = new URL('../../fixtures/member.mjs', import.meta.url)
const nodeNames = ['a', 'b', 'c']

describe('a cluster of programs that announce a member', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({
      entry,
      nodes: nodeNames,
      env: { ASK_AT_START: nodeNames.map(peerOf).join(',') },
    })
  })
  afterEach(async () => await cluster.heal())
  afterAll(async () => await cluster.stop())

  const connect = async (from: string, to: string): Promise<unknown> =>
    await cluster.node(from).json(`/connect?peer=${peerOf(to)}`)

  /** All pairs, both ways, that cannot connect. */
  const denied = async (names = nodeNames): Promise<string[]> => {
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const))
    const answers = await Promise.all(
      pairs.map(async ([from, to]) => ({ from, to, answer: await connect(from, to) })),
    )
    return answers.filter(({ answer }) => answer === 'denied').map(({ from, to }) => `${from}-${to}`)
  }

  test('nothing is denied before a fault, and what the program denies itself stays denied', async () => {
    await expect(denied()).resolves.toEqual([])
    await expect(connect('a', 'nobody')).resolves.toBe('denied')
  })

  test('a partition is in force both ways when it resolves, and gone when healing resolves', async () => {
    await cluster.partition([[0], ['b', cluster.node('c')]])
    await expect(denied()).resolves.toEqual(['a-b', 'a-c', 'b-a', 'c-a'])
    await cluster.heal()
    await expect(denied()).resolves.toEqual([])
  })

  test('open connections across a partition are aborted, the others stay', async () => {
    await connect('b', 'a')
    await connect('b', 'c')
    await cluster.partition([['a']])
    const open = await cluster.node('b').json('/connections')
    expect(open).not.toContain(peerOf('a'))
    expect(open).toContain(peerOf('c'))
    expect(cluster.node('b').log).toContain(`aborted ${peerOf('a')}: partitioned by local-cluster`)
  })

  test('cut and isolate add up; a partition takes their place', async () => {
    await cluster.cut('a', 'b')
    await expect(denied()).resolves.toEqual(['a-b', 'b-a'])
    await cluster.cut('c', 'b')
    await expect(denied()).resolves.toEqual(['a-b', 'b-a', 'b-c', 'c-b'])
    await cluster.isolate('c')
    await expect(denied()).resolves.toEqual(['a-b', 'a-c', 'b-a', 'b-c', 'c-a', 'c-b'])
    await cluster.partition([['a', 'b']])
    await expect(denied()).resolves.toEqual(['a-c', 'b-c', 'c-a', 'c-b'])
  })

  test('a node that restarts during a partition is cut off from its first instant', async () => {
    await cluster.partition([['a']])
    await cluster.node('a').kill()
    await cluster.node('a').restart()
    await expect(cluster.node('a').json('/blocked-at-start')).resolves.toEqual([peerOf('b'), peerOf('c')])
    await expect(denied()).resolves.toEqual(['a-b', 'a-c', 'b-a', 'c-a'])
  })

  test('a partition does not wait for a paused node, which has learnt of it when it is resumed', async () => {
    await cluster.node('a').pause()
    await cluster.partition([['a']])
    await expect(connect('b', 'a')).resolves.toBe('denied')
    await cluster.node('a').resume()
    await expect(connect('a', 'b')).resolves.toBe('denied')
  })

  test('a node that comes during a partition is on the side of those not named', async () => {
    await cluster.partition([['a'], ['b']])
    await cluster.start('d')
    await expect(denied([...nodeNames, 'd'])).resolves.toEqual([
      'a-b',
      'a-c',
      'a-d',
      'b-a',
      'b-c',
      'b-d',
      'c-a',
      'c-b',
      'd-a',
      'd-b',
    ])
  })
})

test('a node whose event loop is blocked fails the fault, by its name', async () => {
  await using cluster = await startCluster({ entry, nodes: 2, faultTimeoutMs: 200, stopTimeoutMs: 100 })
  await expect(cluster.node(0).fetch('/block-loop', { signal: AbortSignal.timeout(50) })).rejects.toThrow(
    /timeout/,
  )
  const partition = cluster.partition([[0], [1]])
  await expect(partition).rejects.toThrow(FaultTimeoutError)
  await expect(partition).rejects.toMatchObject({ nodes: ['node-1'] })
})

test('a malformed announcement ends the program, saying what is missing', async () => {
  const starting = startCluster({ entry: new URL('../../fixtures/malformed.mjs', import.meta.url), nodes: 1 })
  await expect(starting).rejects.toThrow(
    /gater: an announced member needs the object given as connectionGater/,
  )
})

const peerOf = (name: string): string => `peer-of-${name}`
