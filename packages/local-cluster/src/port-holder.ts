import { readFile, readdir, readlink } from 'node:fs/promises'

/** Who listens on a port of this machine. */
export type PortHolder = 'family' | 'another' | 'nobody' | 'unknown'

/** In `/proc/net/tcp`: the state of a socket that listens. */
const LISTEN = '0A'

/**
 * Whether it is a process, or what it has started, that listens on a port. Only Linux tells without a program of its
 * own; elsewhere it is `unknown`.
 */
export async function holderOf(port: number, pid: number): Promise<PortHolder> {
  if (process.platform !== 'linux') return 'unknown'
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(textOf))
  const sockets = new Set(tables.flatMap((table) => listeners(table, port)))
  if (sockets.size === 0) return 'nobody'
  for (const member of await familyOf(pid))
    if ((await socketsOf(member)).some((socket) => sockets.has(socket))) return 'family'
  return 'another'
}

/** The inodes of the sockets that listen on a port, by a table of `/proc/net`. */
export function listeners(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return local.endsWith(wanted) && state === LISTEN ? [inode] : []
  })
}

/** The process, its group, its session, and all that descend from them. */
async function familyOf(pid: number): Promise<Set<number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map(async (each) => await textOf(`/proc/${each}/stat`)))
  // The name of the program stands in brackets, and may hold anything; state, parent, group and session follow it.
  const rows = stats.map((text, at) => {
    const [, parent, group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid: Number(pids[at]), near: [parent, group, session].map(Number) }
  })
  const family = new Set([pid])
  for (let size = 0; size < family.size;) {
    size = family.size
    for (const row of rows) if (row.near.some((relative) => family.has(relative))) family.add(row.pid)
  }
  return family
}

async function socketsOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  const links = await Promise.all(
    names.map(async (name) => await readlink(`${folder}/${name}`).catch(() => '')),
  )
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}

/** Empty for what is gone meanwhile, as processes may be. */
async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}
