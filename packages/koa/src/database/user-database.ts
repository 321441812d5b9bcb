import { codeOf, unlessAborted } from '@grapevine/std'
import {
  mirrorDatabase,
  type DatabaseMirror,
  type MirrorOptions,
  type MirrorStatus,
  type PendingStore,
} from '@grapevine/user-cache'
import { UnavailableError } from '../instance/unavailable.ts'
import { logMirrorEvent } from './log-event.ts'
import type { Accounts } from '@grapevine/auth-middleware'
import type { Membership } from '@grapevine/membership'
import type { FactsReplica } from '@grapevine/replica'
import type { Ports } from '../instance/ports.ts'
import type { OpenDatabase } from './postgres.ts'

/** The database that the app has already, as an instance uses it. */
export interface UserDatabase {
  /** Writes to the database first. @throws UnavailableError (a 503) when it cannot be asked */
  readonly register: Accounts['register']
  status(): MirrorStatus
  close(): Promise<void>
}

export interface UserDatabaseParts {
  readonly database: OpenDatabase
  readonly store: PendingStore
  readonly membership: Membership
  readonly users: MirrorOptions['users']
  readonly facts: MirrorOptions['facts']
  readonly replica: Pick<FactsReplica, 'write' | 'ready'>
  readonly ports: Pick<Ports, 'clock' | 'now' | 'randomBytes' | 'log'>
}

/** Begins once what the other members hold has arrived: then only the first of a new cluster has anything to take in. */
export const openUserDatabase = (parts: UserDatabaseParts): UserDatabase => {
  const { database, membership, replica, ports } = parts
  const stopping = new AbortController()
  let mirror: DatabaseMirror | undefined
  const begin = async (): Promise<void> => {
    await unlessAborted(replica.ready, stopping.signal)
    mirror = await mirrorDatabase({
      ...parts,
      ...ports,
      write: (change) => replica.write(change),
      speaksForAll: () => speaksForAll(membership),
      onEvent: logMirrorEvent(ports.log),
    })
  }
  const begun = begin().catch((error: unknown) => {
    if (!stopping.signal.aborted) ports.log.error({ err: error }, 'the database is not followed')
  })
  return {
    register: async (input, options) => {
      if (mirror === undefined) throw new UnavailableError(sorry)
      try {
        return await mirror.register(input, options)
      } catch (error) {
        if (options.signal.aborted || own.has(codeOf(error))) throw error
        // Without the cause: a server quotes rows in its details.
        throw new UnavailableError(sorry)
      }
    },
    status: () => mirror?.status() ?? unasked,
    close: async () => {
      stopping.abort(new Error('the instance ends'))
      await begun
      await mirror?.stop()
      await database.close()
    },
  }
}

const sorry = 'Nobody can sign up right now. Try again in a moment.'

const unasked: MirrorStatus = { state: 'loading', isLoaded: false, pending: 0, refused: 0, differing: 0 }

/** What is wrong with the sign-up itself. */
const own: ReadonlySet<unknown> = new Set(['USERNAME_TAKEN', 'INVALID_USERNAME', 'INVALID_PASSWORD_HASH'])

/** The same one on every member that sees all: the first by id. In a split nobody. */
const speaksForAll = (membership: Pick<Membership, 'view' | 'members' | 'self'>): boolean => {
  if (membership.view() !== 'whole') return false
  const ids = membership.members().flatMap(({ id, state }) => (state === 'alive' ? [id] : []))
  return ids.every((id) => membership.self.id <= id)
}
