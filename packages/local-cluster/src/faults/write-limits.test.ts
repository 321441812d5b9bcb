import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ClusterNode } from '../cluster-node.ts'
import { NodeStateError, UnsupportedFaultError } from '../errors.ts'
import { systemCommand } from '../process/system-command.ts'
import { createWriteLimits } from './write-limits.ts'

const isLinux = process.platform === 'linux'
if (!isLinux) process.stdout.write('SKIPPED: limits of real processes need Linux\n')

/** Only what a limit needs of a node. */
const nodeWith = (pid: number, kind: 'running' | 'exited' = 'running'): ClusterNode => {
  const state = kind === 'running' ? { kind } : { kind, code: 0, signal: null }
  return Object.assign(Object.create(null), { name: `node-${pid}`, pid, state })
}

/** A system in which each process has a limit, and some cannot be changed for a while. */
const system = (
  limits: Record<number, string>,
): {
  failing: Set<number>
  run: (file: string, args: readonly string[]) => Promise<string>
} => {
  const failing = new Set<number>()
  return {
    failing,
    run: async (_file, [, pid = '', change = '']) => {
      const [, wanted] = /^--fsize=(\w+):$/.exec(change) ?? []
      if (wanted === undefined) return `${limits[Number(pid)]}\n`
      if (failing.has(Number(pid))) throw new Error(`prlimit failed for ${pid}`)
      limits[Number(pid)] = wanted
      return ''
    },
  }
}

test('what is lifted is again what it was, also after it was refused twice', async () => {
  const limits = { 7: '4096', 8: 'unlimited' }
  const writes = createWriteLimits(system(limits).run)
  for (const node of [nodeWith(7), nodeWith(8), nodeWith(7)]) await writes.refuse(node)
  expect(limits).toEqual({ 7: '0', 8: '0' })
  await writes.lift()
  expect(limits).toEqual({ 7: '4096', 8: 'unlimited' })
})

test('one that cannot be lifted does not keep the others limited, and is tried again', async () => {
  const limits = { 7: '1', 8: '2' }
  const { failing, run } = system(limits)
  const writes = createWriteLimits(run)
  for (const pid of [7, 8]) await writes.refuse(nodeWith(pid))
  failing.add(7)
  await expect(writes.lift()).rejects.toThrow('prlimit failed for 7')
  expect(limits).toEqual({ 7: '0', 8: '2' })
  failing.clear()
  await writes.lift()
  expect(limits).toEqual({ 7: '1', 8: '2' })
})

test('a node that is gone is refused by its state', async () => {
  await expect(createWriteLimits(system({}).run).refuse(nodeWith(7, 'exited'))).rejects.toThrow(
    NodeStateError,
  )
})

test('what is refused by two at once is lifted to what it was before both', async () => {
  const limits = { 7: '4096' }
  const { run } = system(limits)
  let reads = 0
  const writes = createWriteLimits(async (file, args) => {
    if (args.includes('--fsize') && ++reads > 1) await setImmediate()
    return await run(file, args)
  })
  await Promise.all([writes.refuse(nodeWith(7)), writes.refuse(nodeWith(7))])
  expect(limits).toEqual({ 7: '0' })
  await writes.lift()
  expect(limits).toEqual({ 7: '4096' })
})

test('what is lifted while it is being refused is not refused in the end', async () => {
  const limits = { 7: '4096' }
  const writes = createWriteLimits(system(limits).run)
  await Promise.all([writes.refuse(nodeWith(7)), writes.lift()])
  expect(limits).toEqual({ 7: '4096' })
})

test('a system without prlimit is said to be one that cannot do it', async () => {
  const writes = createWriteLimits(async (_file, args) => await systemCommand('no-such-program', args))
  const refusal = writes.refuse(nodeWith(7))
  await expect(refusal).rejects.toThrow(UnsupportedFaultError)
  await expect(refusal).rejects.toThrow('Linux with prlimit can')
})

/** Writes to a file at each word it is given, and says what came of it. */
const writer = `
  const { appendFileSync } = require('node:fs')
  process.stdin.on('data', () => {
    try { appendFileSync(process.argv[1], 'x'); console.log('written') } catch (error) { console.log(error.code) }
  })`

test.runIf(isLinux)('a real process can write, is refused it, and can write again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'write-limits-'))
  const child = spawn(process.execPath, ['-e', writer, join(folder, 'file')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const write = async (): Promise<string> => {
      const said = once(child.stdout, 'data')
      child.stdin.write('write')
      return String(await said).trim()
    }
    const writes = createWriteLimits()
    await expect(write()).resolves.toBe('written')
    await writes.refuse(nodeWith(child.pid ?? 0))
    await expect(write()).resolves.toBe('EFBIG')
    await writes.lift()
    await expect(write()).resolves.toBe('written')
  } finally {
    child.kill()
    await rm(folder, { recursive: true })
  }
})
