import { describe, expect, test } from 'vitest'
import type { ControlEvent, ControlLink } from './control-link.ts'
import { FaultTimeoutError, NoMemberError } from './errors.ts'
import type { FaultDriver } from './fault-driver.ts'
import { inProcessDriver } from './in-process-driver.ts'

const preload = new URL('file:///preload.js')

/** A process that answers commands by itself, or only when it is told to. */
class FakeProcess implements ControlLink {
  answering = true
  /** The lists it was told, in order. */
  readonly told: (readonly string[])[] = []
  readonly #prompt: boolean
  #unanswered: number[] = []
  #tell: (event: ControlEvent) => void = () => undefined

  constructor(prompt: boolean) {
    this.#prompt = prompt
  }

  send({ seq, ids }: { seq: number; ids: readonly string[] }): void {
    this.told.push(ids)
    this.#unanswered.push(seq)
    if (this.#prompt) queueMicrotask(() => this.answer())
  }

  listen(listener: (event: ControlEvent) => void): void {
    this.#tell = listener
  }

  answer(): void {
    for (const seq of this.#unanswered)
      this.#tell({ kind: 'report', report: { type: 'local-cluster:blocked', seq } })
    this.#unanswered = []
  }

  announce(id: string): void {
    this.#tell({ kind: 'report', report: { type: 'local-cluster:member', id } })
  }

  become(answering: boolean): void {
    this.answering = answering
    this.#tell({ kind: 'answering' })
  }
}

function startProcess(driver: FaultDriver, node: string, { prompt = true, member = true } = {}): FakeProcess {
  const started = new FakeProcess(prompt)
  driver.attach(node, started)
  if (member) started.announce(`id-of-${node}`)
  return started
}

describe('the in-process driver', () => {
  test('each end of a forbidden link is told the members of the other, and nobody else is', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 1_000 })
    const [a, b, c] = ['a', 'b', 'c'].map((node) => startProcess(driver, node))
    await driver.apply([['a', 'b']])
    expect([a, b, c].map((process) => process?.told.at(-1))).toEqual([['id-of-b'], ['id-of-a'], []])
    await driver.apply([])
    expect([a, b, c].map((process) => process?.told.at(-1))).toEqual([[], [], []])
  })

  test('a fault is in force only when the last node has said so', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 1_000 })
    const slow = startProcess(driver, 'a', { prompt: false })
    const prompt = startProcess(driver, 'b')
    let done = false
    const applied = driver.apply([['a', 'b']]).then(() => (done = true))
    await new Promise(setImmediate)
    expect([prompt.told.at(-1), done]).toEqual([['id-of-a'], false])
    slow.answer()
    await applied
  })

  test('a member that appears during a partition is blocked by the others', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 1_000 })
    const [a, b] = ['a', 'b'].map((node) => startProcess(driver, node))
    await driver.apply([['a', 'b']])
    b?.announce('second-id-of-b')
    await driver.settled()
    expect(a?.told.at(-1)).toEqual(['id-of-b', 'second-id-of-b'])
  })

  test('a node is launched with what is blocked already', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 1_000 })
    for (const node of ['a', 'b']) startProcess(driver, node)
    await driver.apply([['a', 'b']])
    expect(driver.launch('a')).toEqual({
      execArgv: ['--import', 'file:///preload.js'],
      env: { LOCAL_CLUSTER_BLOCKED: '["id-of-b"]' },
    })
  })

  test('a paused node is not waited for, also if it is paused meanwhile', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 60_000 })
    const silent = startProcess(driver, 'a', { prompt: false })
    startProcess(driver, 'b')
    const applied = driver.apply([['a', 'b']])
    silent.become(false)
    await expect(applied).resolves.toBeUndefined()
  })

  test('a node that does not confirm in time fails the fault by its name', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 10 })
    startProcess(driver, 'a', { prompt: false })
    startProcess(driver, 'b')
    const applied = driver.apply([['a', 'b']])
    await expect(applied).rejects.toThrow(FaultTimeoutError)
    await expect(applied).rejects.toThrow(/^a did not confirm the fault within 10 ms/)
  })

  test('a program without a member cannot be cut, and that is said', async () => {
    const driver = inProcessDriver({ preload, timeoutMs: 1_000 })
    startProcess(driver, 'a')
    startProcess(driver, 'b', { member: false })
    const applied = driver.apply([['a', 'b']])
    await expect(applied).rejects.toThrow(NoMemberError)
    await expect(applied).rejects.toThrow(/cannot cut b: /)
    await expect(driver.apply([])).resolves.toBeUndefined()
  })
})
