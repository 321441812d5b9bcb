import { Server } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { createControlPanel } from '../ipc/control-panel.ts'
import { UnsupportedFaultError } from '../errors.ts'
import type { FaultDriver } from '../faults/fault-driver.ts'
import { inProcessDriver } from './in-process-driver.ts'
import { linkRules, type LinkFault } from '../faults/links.ts'
import { fakeProcess, type FakeProcess } from '../testing/fake-process.ts'

const nodeNames = ['a', 'b', 'c']
const cutAB: LinkFault = { kind: 'links', links: { of: 'pair', a: 'a', b: 'b' }, effect: { kind: 'cut' } }

const startThree = async (): Promise<{ driver: FaultDriver; processes: FakeProcess[] }> => {
  const panel = createControlPanel({ timeoutMs: 1_000 })
  const driver = inProcessDriver(panel, { random: Math.random, note: () => undefined })
  const processes: FakeProcess[] = []
  for (const [index, name] of nodeNames.entries()) {
    await driver.settle({ name, index, port: 1_000 + index })
    await driver.launch(name)
    const started = fakeProcess(panel, name)
    started.report({ type: 'local-cluster:member', id: `id-of-${name}` })
    processes.push(started)
  }
  return { driver, processes }
}

const last = (processes: readonly FakeProcess[]): unknown[] =>
  processes.map(({ told }) => ({ peers: told.at(-1)?.peers, ports: told.at(-1)?.ports }))

describe('the in-process driver', () => {
  test('each end of a cut link is told the members and ports of the other, and nobody else is', async () => {
    const { driver, processes } = await startThree()
    await driver.apply(linkRules([cutAB], nodeNames))
    expect(last(processes)).toEqual([
      { peers: ['id-of-b'], ports: [1_001] },
      { peers: ['id-of-a'], ports: [1_000] },
      { peers: [], ports: [] },
    ])
    await driver.apply([])
    expect(last(processes)).toEqual(nodeNames.map(() => ({ peers: [], ports: [] })))
  })

  test('a member or a port that appears during a partition is cut off from the others', async () => {
    const { driver, processes } = await startThree()
    await driver.apply(linkRules([cutAB], nodeNames))
    processes[1]?.report({ type: 'local-cluster:member', id: 'second-id-of-b' })
    processes[1]?.report({ type: 'local-cluster:listening', port: 7_000 })
    await driver.apply(linkRules([cutAB], nodeNames))
    expect(last(processes)[0]).toEqual({ peers: ['id-of-b', 'second-id-of-b'], ports: [1_001, 7_000] })
  })

  test("a port that only the last process had is nobody else's to suffer for", async () => {
    const { driver, processes } = await startThree()
    processes[1]?.report({ type: 'local-cluster:listening', port: 7_000 })
    await driver.launch('b')
    await driver.apply(linkRules([cutAB], nodeNames))
    expect(last(processes)[0]).toEqual({ peers: ['id-of-b'], ports: [1_001] })
  })

  test('a node that holds its port outside of its process has no rules, until it is seen to hold it', async () => {
    const { driver } = await startThree()
    const rules = linkRules([cutAB], nodeNames)
    driver.started('b', 'unseen')
    expect(() => driver.check(rules)).toThrow(UnsupportedFaultError)
    expect(() => driver.check(rules)).toThrow(/links of b, whose port .*; faults: 'namespaces' can/)
    driver.started('c', 'unseen')
    driver.started('b', 'seen')
    expect(() => driver.check(rules)).not.toThrow()
  })

  test('a node that starts outside while it is to be cut off is not let through', async () => {
    const { driver } = await startThree()
    await driver.apply(linkRules([cutAB], nodeNames))
    expect(() => driver.started('a', 'unseen')).toThrow(UnsupportedFaultError)
  })

  test('nobody is led to a node that has ended, or that was withdrawn', async () => {
    const { driver, processes } = await startThree()
    const slow: LinkFault = { ...cutAB, effect: { kind: 'slow', delayMs: 10 } }
    const detoursOfA = (): string[] => Object.keys(processes[0]?.told.at(-1)?.detours ?? {})
    await driver.apply(linkRules([slow], nodeNames))
    expect(detoursOfA()).toEqual(['1001'])
    await driver.ended('b')
    expect(detoursOfA()).toEqual([])
    await driver.launch('b')
    expect(detoursOfA()).toEqual(['1001'])
    await driver.withdraw('b')
    expect(detoursOfA()).toEqual([])
    await driver.close()
  })

  test('a proxy that could not be opened fails its fault, and no later one', async () => {
    const { driver, processes } = await startThree()
    const slow: LinkFault = { ...cutAB, effect: { kind: 'slow', delayMs: 10 } }
    const listen = vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (this: Server) {
      process.nextTick(() => this.emit('error', new Error('EMFILE: too many open files')))
      return this
    })
    await expect(driver.apply(linkRules([slow], nodeNames))).rejects.toThrow('EMFILE')
    listen.mockRestore()
    await driver.apply([])
    await driver.apply(linkRules([slow], nodeNames))
    expect(Object.keys(processes[0]?.told.at(-1)?.detours ?? {})).toEqual(['1001'])
    await driver.close()
  })

  test('a slow link leads through a proxy, and stays there harmlessly when it is healed', async () => {
    const { driver, processes } = await startThree()
    const slow: LinkFault = { ...cutAB, effect: { kind: 'slow', delayMs: 10 } }
    await driver.apply(linkRules([slow], nodeNames))
    expect(processes.map(({ told }) => Object.keys(told.at(-1)?.detours ?? {}))).toEqual([
      ['1001'],
      ['1000'],
      [],
    ])
    await driver.apply([])
    expect(processes.map(({ told }) => Object.keys(told.at(-1)?.detours ?? {}))).toEqual([[], [], []])
    await driver.close()
  })
})
