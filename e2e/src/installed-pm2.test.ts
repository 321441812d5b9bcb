import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '@grapevine/local-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { budgetEntry, budgetEnv } from './cluster/budget-cluster.ts'
import { startLoad } from './proxies/steady-load.ts'
import { freePort } from './proxies/running.ts'
import { through } from './proxies/through.ts'
import { behindOne } from './proxies/behind.ts'

const call = promisify(execFile)
const processes = 3

interface Pm2 {
  run(...args: readonly string[]): Promise<string>
}

/** PM2 as people install it, with a home of its own; ended, with all that it runs, after the test. */
const installPm2 = async (): Promise<Pm2 & { readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'pm2-'))
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  await call('npm', ['install', '--no-audit', '--no-fund', 'pm2@6'], { cwd: folder, timeout: 180_000 })
  const env = { PATH: process.env['PATH'], HOME: folder, PM2_HOME: join(folder, 'home') }
  const run = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await call(join(folder, 'node_modules/.bin/pm2'), args, {
      cwd: folder,
      env,
      timeout: 120_000,
    })
    return stdout + stderr
  }
  onTestFinished(async () => {
    await run('kill')
    await rm(folder, { recursive: true, force: true })
  })
  return { folder, run }
}

/** As docs/operations.md has it. */
const ecosystem = (env: Readonly<Record<string, string>>): string =>
  `module.exports = ${JSON.stringify({
    apps: [
      {
        name: 'budget',
        script: budgetEntry,
        exec_mode: 'cluster',
        instances: processes,
        listen_timeout: 60_000,
        kill_timeout: 20_000,
        env,
      },
    ],
  })}`

interface Listed {
  readonly pm2_env: { readonly status: string; readonly restart_time: number }
}

test('PM2 in its cluster mode: one port, one folder, one cluster, and a reload that loses no answer', async () => {
  const pm2 = await installPm2()
  const [port, dataDir] = [await freePort(), join(pm2.folder, 'data')]
  await mkdir(dataDir)
  const env = {
    ...budgetEnv({ ...behindOne, NODE_NAME: 'box' }),
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
  }
  await writeFile(join(pm2.folder, 'ecosystem.config.js'), ecosystem(env))
  await pm2.run('start', 'ecosystem.config.js')
  const way = through(port, { keepAlive: false })
  onTestFinished(() => way.close())
  const metrics = async (): Promise<string> => (await way.ask('/metrics')).text
  const allAlive = (): Promise<unknown> =>
    eventually(
      async () =>
        expect(await metrics()).toMatch(
          new RegExp(`^grapevine_members\\{state="alive"\\} ${processes}$`, 'm'),
        ),
      {
        within: 60_000,
        every: 500,
      },
    )
  await allAlive().catch(async (error: unknown) => {
    throw new Error(await pm2.run('logs', '--nostream', '--lines', '50'), { cause: error })
  })

  const load = await startLoad({ through: way, requestsPerSecond: 50, signUpsPerSecond: 1, people: 6 })
  await pm2.run('reload', 'budget')
  const { wrong, answered } = await load.stop()
  process.stdout.write(`PM2 reload: ${wrong.length} wrong of ${answered} answers\n`)
  expect(wrong.slice(0, 10)).toEqual([])
  const listed: readonly Listed[] = JSON.parse(await pm2.run('jlist'))
  expect(listed.map(({ pm2_env: { status, restart_time } }) => [status, restart_time])).toEqual(
    Array.from({ length: processes }, () => ['online', 1]),
  )
  await allAlive()
})
