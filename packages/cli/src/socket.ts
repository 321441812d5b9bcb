import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { NoNodeError } from './errors.ts'
import type { Io } from './io.ts'

export interface Where {
  readonly socket?: string | undefined
  /** Folder of the node's data. */
  readonly data?: string | undefined
}

const name = 'admin.sock'

/**
 * The socket of the node that is meant: the one named, or that of the folder named, or the only one in `.data`. Where several nodes
 * share a folder it is the only one of this host, as in a container.
 *
 * @throws NoNodeError that says where was looked, and what to do
 */
export const findSocket = ({ socket, data }: Where, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string => {
  // A variable that is empty, as compose writes `${VAR:-}`, is as one that is not there.
  const named = socket ?? (env['GRAPEVINE_SOCKET'] || undefined)
  if (named !== undefined) return existing(resolve(cwd, named))
  const folder = data ?? (env['DATA_DIR'] || undefined)
  if (folder !== undefined) {
    const own = resolve(cwd, folder)
    return theOnly(socketsOf(own)) ?? existing(join(own, name))
  }
  const found = theOnly(socketsIn(join(cwd, '.data')))
  if (found !== undefined) return found
  throw new NoNodeError(
    `No running node in ${join(cwd, '.data')}. Say where its data is: grapevine --data <folder> … (or DATA_DIR, or GRAPEVINE_SOCKET).`,
  )
}

/** @throws NoNodeError that lists them when there are several, also on this host */
const theOnly = (all: readonly string[]): string | undefined => {
  const here = all.filter(isOfThisHost)
  const found = here.length === 1 ? here : all
  if (found.length < 2) return found[0]
  const choices = found.map((path) => `  grapevine --socket ${path} …`)
  throw new NoNodeError(`${found.length} nodes have data here; say which:\n${choices.join('\n')}`)
}

const existing = (path: string): string => {
  if (existsSync(path)) return path
  throw new NoNodeError(`No node runs there: ${path} does not exist.`)
}

const socketsIn = (folder: string): readonly string[] => {
  if (!existsSync(folder)) return []
  return [...socketsOf(folder), ...readdirSync(folder).flatMap((each) => socketsOf(join(folder, each)))]
}

/** Of a node's folder, and of the slots in it, which others have that share it. */
const socketsOf = (folder: string): readonly string[] =>
  ['', ...slotsIn(folder)].map((slot) => join(folder, slot, name)).filter((path) => existsSync(path))

const slotsIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).filter((each) => /^slot-\d+$/.test(each))
  } catch {
    // Not there, or no folder.
    return []
  }
}

/** Where folders are shared by hosts, such as containers, whoever has one says its host's name there. */
const isOfThisHost = (socket: string): boolean => {
  try {
    return readFileSync(join(dirname(socket), 'holder'), 'utf8').trim() === hostname()
  } catch {
    return false
  }
}
