import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../cluster.ts'
import { UnsupportedFaultError } from '../errors.ts'
import { eventually } from '../test-runners/eventually.ts'
import { probeNamespaces } from '../network/namespaces/probe.ts'
import type { DriverName } from '../faults/fault-driver.ts'

const entry = new URL('../../examples/notes.mjs', import.meta.url)
const probe = await probeNamespaces()
if (probe.kind === 'impossible') process.stdout.write(`SKIPPED: tests with dropped packets: ${probe.why}\n`)
const text = { encoding: 'utf8' } as const
const drivers: readonly DriverName[] =
  probe.kind === 'possible' ? ['in-process', 'namespaces'] : ['in-process']

describe.each(drivers)('a program that knows nothing of clusters, %s', (faults) => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({
      entry,
      nodes: ['a', 'b', 'c'],
      faults,
      env: ({ name }, all) => ({
        PEERS: all.flatMap((peer) => (peer.name === name ? [] : `http://${peer.host}:${peer.port}`)).join(),
      }),
    })
  })
  afterEach(async () => await cluster.heal())
  afterAll(async () => await cluster.stop())

  const put = async (node: string, note: string): Promise<unknown> =>
    await (await cluster.node(node).fetch('/notes', { method: 'POST', body: note })).text()
  const notes = async (node: string): Promise<unknown> => await cluster.node(node).json('/notes')
  /** Resolves when the note is there; `expect` it to. */
  const arrives = async (note: string, node: string): Promise<unknown> =>
    await eventually(
      async () => {
        expect(await notes(node)).toContain(note)
        return 'arrived'
      },
      { within: 10_000 },
    )

  test('says which driver it has', () => expect(cluster.driver).toBe(faults))

  test('what is written on one side of a partition reaches the other only when it is healed', async () => {
    await cluster.partition([['a', 'b'], ['c']])
    await put('a', 'during the split')
    await expect(arrives('during the split', 'b')).resolves.toBe('arrived')
    // A second note that has gone its way shows that there was time enough for the first.
    await put('b', 'a second one')
    await expect(arrives('a second one', 'a')).resolves.toBe('arrived')
    expect(await notes('c')).not.toContain('during the split')
    await cluster.heal()
    await expect(arrives('during the split', 'c')).resolves.toBe('arrived')
  })

  test('a node that restarts during a cut is cut off from its first instant', async () => {
    await cluster.isolate('c')
    await cluster.node('c').restart()
    await put('a', `restart ${faults}`)
    await expect(arrives(`restart ${faults}`, 'b')).resolves.toBe('arrived')
    expect(await notes('c')).toEqual([])
    await cluster.heal()
    await expect(arrives(`restart ${faults}`, 'c')).resolves.toBe('arrived')
  })

  test('a bridge carries across what two halves cannot tell each other', async () => {
    await cluster.bridge([
      ['a', 'b'],
      ['b', 'c'],
    ])
    await put('a', `bridge ${faults}`)
    await expect(arrives(`bridge ${faults}`, 'c')).resolves.toBe('arrived')
  })

  test('a flapping link lets things through now and then', async () => {
    await cluster.flap({ downMs: 300, upMs: 300 })
    await put('a', `flap ${faults}`)
    await expect(arrives(`flap ${faults}`, 'b')).resolves.toBe('arrived')
  })

  test('a slow link carries', async () => {
    await cluster.slow({ bitsPerSecond: 100_000, on: ['a', 'b'] })
    await put('a', `slow ${faults}`)
    await expect(arrives(`slow ${faults}`, 'b')).resolves.toBe('arrived')
  })

  test('a killed node is back after the heal, a paused one goes on', async () => {
    await cluster.kill('a')
    await cluster.pause('b')
    await cluster.heal()
    expect(cluster.nodes.map(({ state }) => state.kind)).toEqual(['running', 'running', 'running'])
  })

  test('a skewed clock shows, and is right after the heal', async () => {
    const off = async (): Promise<number> => Number(await cluster.node('a').json('/time')) - Date.now()
    await cluster.skewClock('a', 3_600_000)
    expect(Math.abs((await off()) - 3_600_000)).toBeLessThan(60_000)
    await cluster.heal()
    expect(Math.abs(await off())).toBeLessThan(60_000)
  })

  test('what the driver cannot do it says, with who can', async () => {
    const attempts =
      faults === 'in-process'
        ? [cluster.cutOneWay('a', 'b'), cluster.lose({ share: 0.1 })]
        : [cluster.corrupt({ share: 0.1 }), cluster.slow({ delayMs: 10 }), cluster.reorder({ share: 0.1 })]
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(UnsupportedFaultError) })
      expect(String(attempt.status === 'rejected' && attempt.reason)).toContain(
        faults === 'in-process' ? "faults: 'namespaces' can" : "faults: 'in-process' can",
      )
    }
  })

  test('a disk that is shared is not filled', async () => {
    await expect(cluster.fillDisk('a')).rejects.toThrow('a cluster with diskMb can')
  })

  test.runIf(faults === 'namespaces')('one way cut, lost packets', async () => {
    await cluster.lose({ share: 0.3 })
    await put('a', 'through the rain')
    await expect(arrives('through the rain', 'c')).resolves.toBe('arrived')
    await cluster.cutOneWay('a', 'b')
    await cluster.heal()
  })

  test.runIf(faults === 'namespaces')('a heal leaves no rule and no rate', async () => {
    const namespace = execFileSync('ip', ['netns', 'identify', String(cluster.node('a').pid)], text).trim()
    const inside = (...command: string[]): string =>
      execFileSync('ip', ['netns', 'exec', namespace, ...command], text)
    const state = (): string[] => [
      ...['filter', 'mangle'].map((table) => inside('iptables', '-t', table, '-S')),
      inside('tc', 'qdisc', 'show', 'dev', 'eth0'),
    ]
    await cluster.heal()
    const before = state()
    await cluster.slow({ bitsPerSecond: 100_000 })
    await cluster.lose({ share: 0.1 })
    await cluster.isolate('c')
    expect(state().join('\n')).toMatch(/DROP[^]*CLASSIFY[^]*htb/)
    await cluster.heal()
    expect(state().filter((each) => /DROP|CLASSIFY|htb/.test(each))).toEqual([])
    expect(before.filter((each) => /DROP|CLASSIFY|htb/.test(each))).toEqual([])
  })

  test.runIf(faults === 'in-process')('a dead node refuses connections also behind a detour', async () => {
    await cluster.slow({ delayMs: 20 })
    await cluster.node('c').kill()
    // What the program itself says, not what is noted of the proxy.
    const told = (): string =>
      cluster
        .node('a')
        .log.filter((line) => line.startsWith(`${cluster.node('c').url}:`))
        .slice(-3)
        .join()
    await eventually(() => expect(told()).toContain('connect ECONNREFUSED'), { within: 10_000 })
    await cluster.node('c').restart()
    await put('a', 'to one that came back')
    await expect(arrives('to one that came back', 'c')).resolves.toBe('arrived')
  })

  test.runIf(faults === 'in-process')('a link that puts its bytes in another order garbles', async () => {
    await put('b', 'x'.repeat(300_000))
    await arrives('x'.repeat(300_000), 'c')
    const before = cluster.node('c').log.length
    await cluster.reorder({ share: 1, on: ['b', 'c'] })
    await eventually(
      () => expect(cluster.node('c').log.slice(before).join('\n')).toMatch(/Parse Error|JSON|Unexpected/),
      { within: 10_000 },
    )
  })

  test.runIf(faults === 'in-process')('a late link carries late, a bad one garbles', async () => {
    await cluster.slow({ delayMs: 150 })
    await put('a', 'a late one')
    await expect(arrives('a late one', 'c')).resolves.toBe('arrived')
    await cluster.corrupt({ share: 1, on: ['b', 'c'] })
    await eventually(() => expect(cluster.node('c').log.join('\n')).toMatch(/Parse Error|JSON|Unexpected/), {
      within: 10_000,
    })
  })
})
