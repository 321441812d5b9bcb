import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { emptyFolder, repository, type Folder } from './packed.ts'

const run = promisify(execFile)

/** A copy of the example, installed with npm from this registry. */
export const installedExample = async (name: string, registry: string): Promise<Folder> => {
  const folder = await emptyFolder()
  await cp(join(repository, 'examples', name), folder.path, { recursive: true })
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', `--registry=${registry}`]
  await run('npm', ['install', ...quiet], { cwd: folder.path, timeout: 240_000 })
  return folder
}
