import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog, type Log } from '@grapevine/std'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileStorage } from '../open-file-storage.ts'
import type { Lock } from './held-lock.ts'
import { acquireLock } from './lock.ts'

const program = fileURLToPath(new URL('../../../dist/testing/lock-child.js', import.meta.url))
const isLocked = { code: 'STORAGE_LOCKED' }

let folder: string
const children = new Set<ChildProcess>()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replica-lock-'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await rm(folder, { recursive: true })
})

interface Child {
  readonly process: ChildProcess
  readonly said: string
}

/** @param before - what starts it, such as `unshare` */
const start = async (before: readonly string[] = []): Promise<Child> => {
  const command = [...before, process.execPath, program, folder]
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  children.add(child)
  const [said] = await once(child.stdout ?? child, 'data')
  return { process: child, said: String(said).trim() }
}

const acquire = (log: Log = silentLog): Promise<Lock> => acquireLock()(folder, log)

const kill = async ({ process: child }: Child): Promise<void> => {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('of many processes that open a folder at once, exactly one gets it', { timeout: 120_000 }, async () => {
  const all = await Promise.all(Array.from({ length: 12 }, () => start()))
  const opened = all.filter(({ said }) => said === 'open')
  expect(opened).toHaveLength(1)
  expect(all.filter(({ said }) => said === 'StorageLockedError')).toHaveLength(11)
  await Promise.all(opened.map(kill))
})

test('of many that open a folder at once in one process, exactly one gets it', async () => {
  for (let round = 0; round < 20; round += 1) {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquire()))
    const locks = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(locks).toHaveLength(1)
    const refusals = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refusals).toEqual(Array(7).fill(expect.objectContaining(isLocked)))
    await locks[0]?.release()
  }
})

test('a process that is killed frees the folder at once, and what is left of it is removed', async () => {
  const child = await start()
  expect(child.said).toBe('open')
  await expect(acquire()).rejects.toMatchObject(isLocked)
  await kill(child)
  expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toHaveLength(1)
  const lock = await acquire()
  expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toHaveLength(1)
  await lock.release()
  expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([])
})

test('a process that is stopped still has the folder', { timeout: 20_000 }, async () => {
  const child = await start()
  child.process.kill('SIGSTOP')
  await expect(acquire()).rejects.toMatchObject(isLocked)
  child.process.kill('SIGCONT')
})

const isolated = ['unshare', '--net', '--pid', '--mount', '--uts', '--ipc', '--fork', '--kill-child']
const mayIsolate = spawnSync(isolated[0] ?? '', [...isolated.slice(1), 'true']).status === 0
if (!mayIsolate) console.warn('SKIPPED: a lock across containers; namespaces are not permitted here')

test.skipIf(!mayIsolate)(
  'another container that shares the folder is refused, and frees it too',
  async () => {
    const child = await start(isolated)
    expect(child.said).toBe('open')
    await expect(acquire()).rejects.toMatchObject(isLocked)
    await kill(child)
    // `unshare` was killed; the kernel ends what it started right after.
    const acquired: Lock[] = []
    const tryAgain = (): Promise<number> =>
      acquire().then(
        (lock) => acquired.push(lock),
        () => 0,
      )
    await expect.poll(tryAgain, { timeout: 5_000 }).toBe(1)
    await acquired[0]?.release()
  },
)

test('a folder deeper than the path of a socket may be long is locked too', async () => {
  const deep = join(folder, ...Array.from({ length: 8 }, () => 'x'.repeat(60)))
  const storage = await openFileStorage({ folder: deep, owner: 'lock' })
  await expect(openFileStorage({ folder: deep, owner: 'lock' })).rejects.toMatchObject(isLocked)
  await storage.close()
  await (await openFileStorage({ folder: deep, owner: 'lock' })).close()
})

test('what looks like a lock and is none locks nothing', async () => {
  await writeFile(join(folder, '0123456789abcdef.lock'), 'garbage')
  await writeFile(join(folder, '0123456789abcdea.lock.tmp'), 'garbage')
  await (await acquire()).release()
  expect(await readdir(folder)).toEqual([])
})

const warnings = (): { readonly log: Log; readonly said: string[] } => {
  const said: string[] = []
  return { log: { ...silentLog, warn: (_fields, message) => void said.push(message) }, said }
}

test.runIf(process.platform === 'linux')(
  'where there are no Unix sockets it warns once, and is locked within the machine’s own network',
  async () => {
    const without = acquireLock(() =>
      Promise.reject(Object.assign(new Error('operation not supported'), { code: 'ENOTSUP' })),
    )
    const { log, said } = warnings()
    const lock = await without(folder, log)
    expect(said).toEqual([expect.stringContaining('no Unix socket can be made here')])
    await expect(without(folder, silentLog)).rejects.toMatchObject(isLocked)
    await lock.release()
    await (await without(folder, silentLog)).release()
  },
)

test('a folder that cannot be written to is no reason to go without a lock', async () => {
  await mkdir(join(folder, 'sub'))
  const refusing = acquireLock(() =>
    Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS', syscall: 'listen' })),
  )
  await expect(refusing(join(folder, 'sub'), silentLog)).rejects.toMatchObject({ code: 'EROFS' })
})
