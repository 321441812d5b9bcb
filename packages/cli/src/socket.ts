import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { NoNodeError } from './errors.ts'
import type { Io } from './io.ts'

export interface Where {
  readonly socket?: string | undefined
  /** Folder of the node's data. */
  readonly data?: string | undefined
}

const name = 'admin.sock'

/**
 * The socket of the node that is meant: the one named, or that of the folder named, or the only one in `.data`.
 *
 * @throws NoNodeError that says where was looked, and what to do
 */
export const findSocket = ({ socket, data }: Where, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string => {
  const named = socket ?? env['GRAPEVINE_SOCKET']
  if (named !== undefined) return existing(resolve(cwd, named))
  const folder = data ?? env['DATA_DIR']
  if (folder !== undefined) return existing(resolve(cwd, folder, name))
  const found = socketsIn(join(cwd, '.data'))
  const [only, ...others] = found
  if (only === undefined) {
    throw new NoNodeError(
      `No running node in ${join(cwd, '.data')}. Say where its data is: grapevine --data <folder> … (or DATA_DIR, or GRAPEVINE_SOCKET).`,
    )
  }
  if (others.length === 0) return only
  const choices = found.map((path) => `  grapevine --data ${path.slice(0, -name.length - 1)} …`)
  throw new NoNodeError(`${found.length} nodes have data here; say which:\n${choices.join('\n')}`)
}

const existing = (path: string): string => {
  if (existsSync(path)) return path
  throw new NoNodeError(`No node runs there: ${path} does not exist.`)
}

const socketsIn = (folder: string): readonly string[] => {
  if (!existsSync(folder)) return []
  return [join(folder, name), ...readdirSync(folder).map((each) => join(folder, each, name))].filter((path) =>
    existsSync(path),
  )
}
