import { describe, expect, test } from 'vitest'
import { createControlPanel } from './control-panel.ts'
import { noOrders } from './control-protocol.ts'
import { FaultTimeoutError } from '../errors.ts'
import { fakeProcess } from '../testing/fake-process.ts'

describe('the control panel', () => {
  test('orders are in force only when the last node has said so', async () => {
    const panel = createControlPanel({ timeoutMs: 1_000 })
    const slow = fakeProcess(panel, 'a', { answers: 'when told' })
    fakeProcess(panel, 'b')
    let done = false
    const settled = panel.settled().then(() => (done = true))
    await new Promise(setImmediate)
    expect(done).toBe(false)
    slow.answer()
    await settled
  })

  test('an order that changes nothing is not sent', () => {
    const panel = createControlPanel({ timeoutMs: 1_000 })
    const { told } = fakeProcess(panel, 'a')
    panel.order('a', { clockSkewMs: 5 })
    panel.order('a', { clockSkewMs: 5 })
    expect(told.map(({ clockSkewMs }) => clockSkewMs)).toEqual([0, 5])
  })

  test('a node that is asked confirms once more, though nothing has changed', async () => {
    const panel = createControlPanel({ timeoutMs: 1_000 })
    const node = fakeProcess(panel, 'a', { answers: 'when told' })
    node.answer()
    await panel.settled()
    panel.ask('a')
    panel.ask('unknown')
    const settled = panel.settled()
    node.answer()
    await settled
    expect(node.told).toEqual([noOrders, noOrders])
  })

  test('what was ordered before a start is told at the start', () => {
    const panel = createControlPanel({ timeoutMs: 1_000 })
    panel.order('a', { ports: [80] })
    expect(panel.orders('a')).toEqual({ ...noOrders, ports: [80] })
    expect(fakeProcess(panel, 'a').told).toEqual([{ ...noOrders, ports: [80] }])
  })

  test('a paused node is not waited for, also if it is paused meanwhile', async () => {
    const panel = createControlPanel({ timeoutMs: 60_000 })
    const silent = fakeProcess(panel, 'a', { answers: 'when told' })
    const settled = panel.settled()
    silent.become('silent')
    await expect(settled).resolves.toBeUndefined()
  })

  test('who asks for one node waits for no other', async () => {
    const panel = createControlPanel({ timeoutMs: 60_000 })
    fakeProcess(panel, 'a')
    fakeProcess(panel, 'b', { answers: 'when told' })
    await expect(panel.settled('a')).resolves.toBeUndefined()
  })

  test('a node that does not confirm in time fails the fault by its name', async () => {
    const panel = createControlPanel({ timeoutMs: 10 })
    fakeProcess(panel, 'a', { answers: 'when told' })
    fakeProcess(panel, 'b')
    const settled = panel.settled()
    await expect(settled).rejects.toThrow(FaultTimeoutError)
    await expect(settled).rejects.toThrow(/^a did not confirm the fault within 10 ms/)
  })
})
