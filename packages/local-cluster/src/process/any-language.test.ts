import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../cluster.ts'
import { NodeStartError, UnsupportedFaultError } from '../errors.ts'
import { eventually } from '../test-runners/eventually.ts'
import { probeNamespaces } from '../network/namespaces/probe.ts'

const notes = fileURLToPath(new URL('../../fixtures/notes.py', import.meta.url))
const wrapper = new URL('../../fixtures/wrapper.mjs', import.meta.url)
const probe = await probeNamespaces()

const runs = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'])
    return true
  } catch {
    return false
  }
}
const hasPython = runs('python3')
if (!hasPython) process.stdout.write('SKIPPED: programs in another language: python3 is not there\n')

describe.runIf(hasPython && probe.kind === 'possible')('programs in another language, in namespaces', () => {
  let cluster: Cluster
  const said: string[] = []
  beforeAll(async () => {
    cluster = await startCluster({
      command: ['python3', notes],
      nodes: ['a', 'b'],
      ready: '/notes',
      env: (_place, all) => ({ PEERS: all.map((peer) => `http://${peer.host}:${peer.port}`).join() }),
      say: (line) => said.push(line),
    })
  })
  afterEach(async () => await cluster.heal())
  afterAll(async () => await cluster.stop())

  const put = async (node: string, body: string): Promise<Response> =>
    await cluster.node(node).fetch('/notes', { method: 'POST', body })
  /** Resolves when the note is there; `expect` it to. */
  const arrives = async (note: string, node: string): Promise<string> =>
    await eventually(
      async () => {
        expect(await cluster.node(node).json('/notes')).toContain(note)
        return 'arrived'
      },
      { within: 10_000 },
    )

  test('get them by themselves, and it is said', () => {
    expect([cluster.driver, cluster.driverReason]).toEqual(['namespaces', 'this machine allows it'])
    expect(said).toEqual([expect.stringContaining("'namespaces', packets are dropped")])
  })

  test('are parted and healed', async () => {
    await cluster.partition([['a']])
    await put('a', 'from the left')
    await eventually(() => expect(cluster.node('b').log.join('\n')).toContain('timed out'), {
      within: 10_000,
    })
    await expect(cluster.node('b').json('/notes')).resolves.not.toContain('from the left')
    await cluster.heal()
    await expect(arrives('from the left', 'b')).resolves.toBe('arrived')
  })

  test('lose packets, are slow, are killed and come back', async () => {
    await cluster.lose({ share: 0.2 })
    await cluster.slow({ bitsPerSecond: 1_000_000 })
    await put('a', 'through the rain')
    await expect(arrives('through the rain', 'b')).resolves.toBe('arrived')
    await cluster.kill('b')
    await cluster.heal()
    await expect(arrives('through the rain', 'b')).resolves.toBe('arrived')
  })

  test('have no clock that could be set', async () => {
    await expect(cluster.skewClock('a', 1_000)).rejects.toThrow(
      "the driver 'namespaces' cannot set the clock of a command; an entry, run by Node.js, can",
    )
  })
})

describe.runIf(hasPython).each([
  ['a command', { command: ['python3', notes], ready: '/notes' }],
  ['an entry that only starts another program', { entry: wrapper, ready: '/' }],
] as const)('%s, in-process', (_what, program) => {
  test('has no links that a fault could be on, and says what could', async () => {
    await using cluster = await startCluster({ ...program, nodes: 2, faults: 'in-process' })
    for (const fault of [cluster.partition([[0], [1]]), cluster.isolate(1), cluster.slow({ delayMs: 9 })]) {
      await expect(fault).rejects.toThrow(UnsupportedFaultError)
      await expect(fault).rejects.toThrow(/links of node-[12], whose port .*; faults: 'namespaces' can/)
    }
    await cluster.kill(0)
    await cluster.pause(1)
    await cluster.heal()
    expect(cluster.nodes.map(({ state }) => state.kind)).toEqual(['running', 'running'])
  })
})

test('a command that is not there fails the start, by its name', async () => {
  const starting = startCluster({ command: ['no-such-program'], nodes: 1, faults: 'in-process' })
  await expect(starting).rejects.toThrow(NodeStartError)
  await expect(starting).rejects.toThrow(/node-1 did not start: .*no-such-program/)
})
