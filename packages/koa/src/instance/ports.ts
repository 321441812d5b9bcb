import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createMembership, type Membership, type MembershipOptions } from '@grapevine/membership'
import {
  attemptFile,
  passwordHasher,
  type AttemptStore,
  type PasswordHasher,
} from '@grapevine/auth-middleware'
import { systemClock } from '@grapevine/std'
import { markFile, type MarkStore } from '@grapevine/user-cache'
import { pendingFile, pendingInMemory } from '../database/pending-file.ts'
import { systemLoopDelay } from '../own-process/loop-delay.ts'
import { folderDisk, keptIn, type Disk } from './disk.ts'
import type { Clock, Files } from '@grapevine/replica'
import type { PendingStore } from '@grapevine/user-cache'
import type { Logger } from 'pino'
import type { OpenDatabase } from '../database/postgres.ts'
import type { Settings } from '../settings/settings.ts'

/** Everything that an instance takes from outside: a simulation hands in its own, and runs the very same composition. */
export interface Ports {
  /** How it becomes a member of its cluster. @default a member over libp2p */
  readonly join: (options: MembershipOptions) => Promise<Membership>
  /** The file system below all that is kept: for simulations. @default the machine's */
  readonly files: Files | undefined
  /** Where documents are kept. @default files in folders of `DATA_DIR` */
  readonly disk: Disk
  /** Where it is kept how many passwords were tried here. @default a file in `DATA_DIR`; with a disk of another kind, nowhere */
  readonly attemptStore: AttemptStore | undefined
  /** Where it is kept which sign-ups this instance has to answer. @default a file in `DATA_DIR`; with a disk of another kind, nowhere */
  readonly signUpStore: MarkStore | undefined
  /** A database that has the users, too; it is closed with the instance. @default that of `DATABASE_URL`, if any */
  readonly database: OpenDatabase | undefined
  /** Where it is kept whose rows are still to be written. @default a file in `DATA_DIR`; with a disk of another kind, memory */
  readonly pendingStore: PendingStore
  /** Timers, and a time that never goes back. @default the system's */
  readonly clock: Clock
  /** Milliseconds since 1970. @default Date.now */
  readonly now: () => number
  /** Uniform in [0, 1). @default Math.random */
  readonly random: () => number
  /** Unguessable. @default those of node:crypto */
  readonly randomBytes: (size: number) => Buffer
  /** How many milliseconds the event loop is late. @default that of this process; with a disk of another kind, 0 */
  readonly loopDelay: () => number
  /** @default argon2id behind a bounded queue */
  readonly hasher: PasswordHasher
  /** @default pino on stdout */
  readonly log: Logger
}

/** The outside as it is, with what is replaced of it. */
export const withSystemPorts = (settings: Settings, log: Logger, given: Partial<Ports> = {}): Ports => {
  const { disk, files } = given
  const own = { clock: systemClock, randomBytes, ...given }
  return {
    ...keptBeside(settings, given),
    database: undefined,
    join: createMembership,
    now: Date.now,
    random: Math.random,
    loopDelay: disk === undefined && files === undefined ? systemLoopDelay() : () => 0,
    hasher: given.hasher ?? passwordHasher({ peppers: settings.peppers }),
    ...own,
    files,
    disk: disk ?? folderDisk(settings, log, own),
    log,
  }
}

/** What is kept beside the documents: with them in files, or nowhere. */
const keptBeside = (
  { dataDir }: Pick<Settings, 'dataDir'>,
  { disk, files }: Pick<Partial<Ports>, 'disk' | 'files'>,
): Pick<Ports, 'attemptStore' | 'signUpStore' | 'pendingStore'> => {
  if (disk !== undefined)
    return { attemptStore: undefined, signUpStore: undefined, pendingStore: pendingInMemory() }
  const attempts = join(dataDir, 'attempts.json')
  const signUps = join(dataDir, 'sign-ups.json')
  return {
    attemptStore: files === undefined ? attemptFile(attempts) : keptIn(files, attempts),
    signUpStore: files === undefined ? markFile(signUps) : keptIn(files, signUps),
    pendingStore: files === undefined ? pendingFile(join(dataDir, 'database-pending')) : pendingInMemory(),
  }
}
