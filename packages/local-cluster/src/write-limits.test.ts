import { expect, test } from 'vitest'
import type { ClusterNode } from './cluster-node.ts'
import { NodeStateError } from './errors.ts'
import { createWriteLimits } from './write-limits.ts'

/** Only what a limit needs of a node. */
const nodeWith = (pid: number, kind: 'running' | 'exited' = 'running'): ClusterNode => {
  const state = kind === 'running' ? { kind } : { kind, code: 0, signal: null }
  return Object.assign(Object.create(null), { name: `node-${pid}`, pid, state })
}

/** A system in which each process has a limit, and some cannot be changed for a while. */
function system(limits: Record<number, string>): {
  failing: Set<number>
  run: (file: string, args: readonly string[]) => Promise<string>
} {
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
