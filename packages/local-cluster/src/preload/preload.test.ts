import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtFile } from '../reaper/built-file.ts'
import { noOrders, type NodeOrders } from '../ipc/control-protocol.ts'
import { freePorts } from '../process/free-ports.ts'
import { untilReady } from '../process/readiness.ts'

const member = fileURLToPath(new URL('../../fixtures/member.mjs', import.meta.url))
let folder: string
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preload-test-'))
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** A member whose parent sends it no command at all. */
const startMember = async (
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string; told: unknown[] }> => {
  const [port] = await freePorts(1)
  const place = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    NODE_NAME: 'me',
    ASK_AT_START: 'foe,friend',
  }
  const started = spawn(process.execPath, ['--import', builtFile('preload/preload.js').href, member], {
    env: { ...place, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child = started
  const told: unknown[] = []
  started.on('message', (message) => told.push(message))
  const url = `http://127.0.0.1:${port}`
  await expect(untilReady(url, { timeoutMs: 10_000, signal: new AbortController().signal })).resolves.toEqual(
    { kind: 'ready' },
  )
  return { child: started, url, told }
}

test('what is blocked at the start is blocked before any command comes', async () => {
  const { url, told } = await startMember(orders({ peers: ['foe'] }))
  const answer = await fetch(`${url}/blocked-at-start`)
  await expect(answer.json()).resolves.toEqual(['foe'])
  expect(told).toEqual([
    { type: 'local-cluster:member', id: 'peer-of-me' },
    { type: 'local-cluster:listening', port: Number(new URL(url).port) },
  ])
})

test('without its variable it does nothing: so it is in what the program itself forks', async () => {
  const { url, told } = await startMember({})
  const answer = await fetch(`${url}/blocked-at-start`)
  await expect(answer.json()).resolves.toEqual([])
  expect(told).toEqual([])
})

test('the program ends when its parent is gone', async () => {
  const { child } = await startMember(orders({}))
  child.disconnect()
  await expect(once(child, 'exit')).resolves.toEqual([1, null])
})

test('a clock that is to be wrong is wrong from the first instant', async () => {
  const { url } = await startMember(orders({ clockSkewMs: -86_400_000 }))
  const answer = await fetch(`${url}/time`)
  const shown: unknown = await answer.json()
  expect(Math.abs(Number(shown) + 86_400_000 - Date.now())).toBeLessThan(60_000)
})

const orders = (some: Partial<NodeOrders>): Record<string, string> => ({
  LOCAL_CLUSTER_ORDERS: JSON.stringify({ ...noOrders, ...some }),
})
