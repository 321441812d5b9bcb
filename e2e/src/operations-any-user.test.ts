import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@grapevine/local-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'

/** As OpenShift does: a user that nobody knows, in the group 0, on a folder as the image makes it. */
const startAs = (uid: number, env: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, [budgetEntry], { uid, gid: 0, env, stdio: ['ignore', 'ignore', 'pipe'] })

const port = 21_417

const isReady = async (): Promise<void> => {
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
  expect(status).toBe(200)
}

test.skipIf(process.getuid?.() !== 0)(
  'any user in the group 0 can run it, on a folder as the image makes it, again, and later another one',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'any-user-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await chown(folder, 1000, 0)
    await chmod(folder, 0o775)
    const env = { ...budgetEnv(), DATA_DIR: folder, PORT: String(port), CLUSTER_DISCOVERY: 'mdns' }
    for (const uid of [1_000_620_000, 1_000_620_000, 1_000_730_000]) {
      const child = startAs(uid, env)
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
      await eventually(isReady, { within: 30_000 }).catch((error: unknown) => {
        throw new Error(`as ${uid} it is not ready: ${said}`, { cause: error })
      })
      child.kill('SIGTERM')
      const [code] = await once(child, 'exit')
      expect(code).toBe(0)
    }
  },
)
