import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import {
  ancestors,
  hasLostNpx,
  launchingChain,
  lookUpProcess,
  whenChainBreaks,
  type ProcessEntry,
} from './launching-chain.ts'

const processes: readonly ProcessEntry[] = [
  { pid: 10, parent: 9, command: 'node dist/dev/main.js' },
  { pid: 9, parent: 8, command: 'sh -c pnpm build && node dist/dev/main.js' },
  { pid: 8, parent: 7, command: 'node /home/ada/.npm/_npx/3f/node_modules/.bin/pnpm dev' },
  { pid: 7, parent: 6, command: "sh -c 'pnpm' dev" },
  { pid: 6, parent: 5, command: 'npm exec pnpm@12 dev' },
  { pid: 5, parent: 1, command: '-bash' },
]
const lookUp = (pid: number): ProcessEntry | undefined => processes.find((entry) => entry.pid === pid)

test('what pnpm started is watched, the shell above it is not', () => {
  expect(launchingChain(ancestors(10, lookUp)).map(({ pid }) => pid)).toEqual([9, 8, 7, 6])
})

test('a launcher that was started by hand watches nobody', () => {
  expect(launchingChain([{ pid: 5, parent: 1, command: '-bash' }])).toEqual([])
})

test.each([7, 8])('a chain whose npx was ended before the launcher began is known (%i)', (top) => {
  const orphaned = (pid: number) => {
    const entry = lookUp(pid)
    return entry?.pid === top ? { ...entry, parent: 1 } : entry
  }
  expect(hasLostNpx(launchingChain(ancestors(10, orphaned)))).toBe(true)
  expect(hasLostNpx(launchingChain(ancestors(10, lookUp)))).toBe(false)
  expect(hasLostNpx([{ pid: 7, parent: 1, command: 'sh -c pnpm dev' }])).toBe(false)
  expect(hasLostNpx([])).toBe(false)
})

test('the parent of this process is found', () => {
  expect(ancestors(process.pid, lookUpProcess)[0]?.pid).toBe(process.ppid)
})

test('the end of a watched process is noticed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const broken = new Promise<void>((resolve) => {
    whenChainBreaks([process.pid, child.pid ?? 0], resolve)
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await broken
  expect(child.signalCode).toBe('SIGKILL')
})
