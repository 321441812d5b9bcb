import { readFile, readdir, readlink } from 'node:fs/promises'
import { codeOf } from '@grapevine/std'

/** Who listens on a port of this machine; `unknown` if that may not be seen. */
export type PortHolder = 'family' | 'another' | 'nobody' | 'unknown'

/** In `/proc/net/tcp`: the state of a socket that listens. */
const listen = '0A'

/**
 * Whether it is a process, or what it has started, that listens on a port. Only Linux tells without a program of its
 * own; elsewhere it is `unknown`. So it is if a descendant may not be looked into, as under `sudo`, unless somebody else
 * is seen to listen.
 *
 * @param proc where the system tells of its processes
 */
export const holderOf = async (port: number, pid: number, proc = '/proc'): Promise<PortHolder> => {
  if (process.platform !== 'linux') return 'unknown'
  const tables = await Promise.all([`${proc}/net/tcp`, `${proc}/net/tcp6`].map(textOf))
  const sockets = new Set(tables.flatMap((table) => listeners(table, port)))
  if (sockets.size === 0) return 'nobody'
  const all = await processesOf(proc)
  const family = familyOf(pid, all)
  const held = await holdingOf(family, sockets, proc)
  if (held !== 'unreadable') return held === 'held' ? 'family' : 'another'
  const strangers = all.flatMap((each) => (family.has(each.pid) ? [] : each.pid))
  return (await holdingOf(strangers, sockets, proc)) === 'held' ? 'another' : 'unknown'
}

/** The inodes of the sockets that listen on a port, by a table of `/proc/net`. */
export const listeners = (table: string, port: number): string[] => {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return local.endsWith(wanted) && state === listen ? [inode] : []
  })
}

/** A process, and its parent, its group and its session. */
interface Row {
  readonly pid: number
  readonly near: readonly number[]
}

const processesOf = async (proc: string): Promise<Row[]> => {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map(async (each) => await textOf(`${proc}/${each}/stat`)))
  // The name of the program stands in brackets, and may hold anything; state, parent, group and session follow it.
  return stats.map((text, at) => {
    const [, parent, group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid: Number(pids[at]), near: [parent, group, session].map(Number) }
  })
}

/** The process, its group, its session, and all that descend from them. */
const familyOf = (pid: number, rows: readonly Row[]): Set<number> => {
  const family = new Set([pid])
  for (let size = 0; size < family.size;) {
    size = family.size
    for (const row of rows) if (row.near.some((relative) => family.has(relative))) family.add(row.pid)
  }
  return family
}

/** Whether one of the processes has one of the sockets; `unreadable` if none was seen to, and not all may be looked into. */
const holdingOf = async (
  pids: Iterable<number>,
  sockets: ReadonlySet<string>,
  proc: string,
): Promise<'held' | 'not held' | 'unreadable'> => {
  let hidden = false
  for (const pid of pids) {
    const seen = await socketsOf(`${proc}/${pid}/fd`)
    if (seen === 'unreadable') hidden = true
    else if (seen.some((socket) => sockets.has(socket))) return 'held'
  }
  return hidden ? 'unreadable' : 'not held'
}

const socketsOf = async (folder: string): Promise<string[] | 'unreadable'> => {
  try {
    const names = await readdir(folder)
    const links = await Promise.all(
      names.map(async (name) => await readlink(`${folder}/${name}`).catch(ifGone)),
    )
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
  } catch (error) {
    return isGone(error) ? [] : 'unreadable'
  }
}

/** As processes and their files may be meanwhile. */
const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')

const ifGone = (error: unknown): '' => {
  if (isGone(error)) return ''
  throw error
}

/** Empty for what is gone meanwhile, as processes may be. */
const textOf = async (path: string): Promise<string> => await readFile(path, 'utf8').catch(() => '')
