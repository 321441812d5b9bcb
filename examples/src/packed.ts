import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const repository: string = fileURLToPath(new URL('../..', import.meta.url))

/** A folder that goes with the test that made it. */
export interface Folder extends AsyncDisposable {
  readonly path: string
}

export const emptyFolder = async (): Promise<Folder> => {
  const path = await mkdtemp(join(tmpdir(), 'grapevine-installed-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** All packages as they would be published, packed into the folder. @returns their files */
export const packAll = async (into: string): Promise<readonly string[]> => {
  const pnpm = ['-y', 'pnpm@12', '-r', '--filter', './packages/*', 'pack', '--pack-destination', into]
  await run('npx', pnpm, { cwd: repository, timeout: 300_000 })
  return (await readdir(into)).filter((name) => name.endsWith('.tgz')).map((name) => join(into, name))
}

/** Installs with npm as somebody in an empty folder would, from the packed files and the registry. */
export const installWithNpm = async (folder: string, packages: readonly string[]): Promise<void> => {
  await run('npm', ['init', '-y'], { cwd: folder, timeout: 60_000 })
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder, timeout: 600_000 })
}
