import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, reasonOf, sleep, systemClock, type Log } from '@grapevine/std'
import { StorageLockedError } from '../../errors.ts'
import { ask, listen, type Answer, type Doorbell } from './doorbell.ts'
import type { Lock } from './held-lock.ts'
import { lockWithoutSocket } from './lock-without-socket.ts'
import { socketFolder, type SocketFolder } from './socket-folder.ts'

export type AcquireLock = (folder: string, log: Log) => Promise<Lock>

const ending = '.lock'
const hidden = `${ending}.tmp`
const shownName = /^[0-9a-f]{16}\.lock$/
const hiddenName = /^[0-9a-f]{16}\.lock\.tmp$/
const nameBytes = 16 + hidden.length

/** Milliseconds. A process that is stopped or starved still has what it has. */
const patience = 5_000
const betweenLooks = 5

/** What file systems say that have no Unix sockets. */
const noSockets = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL', 'ENOSYS', 'EAFNOSUPPORT'])

/**
 * One process at a time, in whichever containers of one machine: a Unix socket in the folder that answers while its process
 * lives. The kernel closes it with the process, however that ends, so no lock is ever left behind.
 *
 * Each process listens under a name of its own and then shows it, by renaming: a name that can be seen answers, unless its
 * process is gone. Who has shown itself and then sees nobody else alive has the folder. Of two, the one that showed itself
 * later sees the other; so no two have it. Where several are starting, the lowest name waits for the others to give
 * way; so one of them gets it. A name is never used twice: one that does not answer can be removed by anybody.
 *
 * @throws StorageLockedError, or the error of the file system
 */
export const acquireLock =
  (listenAt: typeof listen = listen): AcquireLock =>
  async (folder, log) => {
    const place = await socketFolder(folder, nameBytes)
    if (place === undefined) return lockWithoutSocket(folder, log, 'its path is too long for a Unix socket')
    try {
      return await acquireIn({ place, folder, listenAt })
    } catch (error) {
      if (!noSockets.has(codeOf(error) ?? '')) throw error
      return await lockWithoutSocket(folder, log, reasonOf(error))
    } finally {
      await place.close()
    }
  }

interface Attempt {
  readonly place: SocketFolder
  readonly folder: string
  readonly listenAt: typeof listen
}

const acquireIn = async (attempt: Attempt): Promise<Lock> => {
  const { place, folder, listenAt } = attempt
  const id = randomBytes(8).toString('hex')
  const bell = await listenAt(place.pathOf(`${id}${hidden}`)).catch(tidiedAway(folder))
  try {
    await rename(join(folder, `${id}${hidden}`), join(folder, `${id}${ending}`)).catch(tidiedAway(folder))
    await awaitTurn(attempt, id)
  } catch (error) {
    await withdraw(folder, id, bell)
    throw error
  }
  bell.state = 'held'
  await tidyUp(attempt)
  return { release: () => withdraw(folder, id, bell) }
}

/** Who got the folder just now may take a name that is not shown yet for one that was left behind. */
const tidiedAway =
  (folder: string) =>
  (error: unknown): never => {
    throw codeOf(error) === 'ENOENT' ? inUse(folder) : error
  }

/** Names of processes that ended before they showed themselves. */
const tidyUp = async ({ place, folder }: Attempt): Promise<void> => {
  for (const name of await readdir(folder))
    if (hiddenName.test(name) && (await ask(place.pathOf(name), patience)) === 'gone')
      await rm(join(folder, name), { force: true })
}

const withdraw = async (folder: string, id: string, bell: Doorbell): Promise<void> => {
  await rm(join(folder, `${id}${ending}`), { force: true })
  await rm(join(folder, `${id}${hidden}`), { force: true })
  await bell.close()
}

/** @throws StorageLockedError if another process has the folder, or gets it */
const awaitTurn = async (attempt: Attempt, id: string): Promise<void> => {
  const end = systemClock.now() + patience
  for (;;) {
    const others = await livingOthers(attempt, id)
    if (others.length === 0) return
    const isAhead = others.some((other) => isAheadOf(id, other))
    if (isAhead || systemClock.now() > end) throw inUse(attempt.folder)
    await sleep(systemClock, betweenLooks)
  }
}

const isAheadOf = (id: string, { name, answer }: Other): boolean =>
  answer === 'held' || answer === 'silent' || (answer === 'starting' && name < id)

interface Other {
  readonly name: string
  readonly answer: Answer
}

const livingOthers = async ({ place, folder }: Attempt, id: string): Promise<readonly Other[]> => {
  const others = (await readdir(folder)).filter((name) => shownName.test(name) && !name.startsWith(id))
  const asked = await Promise.all(
    others.map(async (name) => ({ name, answer: await ask(place.pathOf(name), patience) })),
  )
  for (const { name, answer } of asked) if (answer === 'gone') await rm(join(folder, name), { force: true })
  return asked.filter(({ answer }) => answer !== 'gone')
}

const inUse = (folder: string): StorageLockedError =>
  new StorageLockedError(`${folder} is in use by another process`)
