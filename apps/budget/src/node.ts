import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createMembership, type Membership } from '@grapevine/membership'
import { openLevelStorage, replicate, type Policy, type Replica, type Storage } from '@grapevine/replica'
import { createUserCache, type UserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { replicatedAccounts, type ReplicatedAccounts } from './accounts.ts'
import { ConfigError, type Config } from './config.ts'
import { endedSessions, endedSessionsPolicy } from './ended-sessions.ts'
import type { SessionLedger } from '@grapevine/auth-middleware'
import type { Logger } from 'pino'

/** One member of the cluster with what it holds: the packages, plugged into each other. */
export interface Node {
  readonly membership: Membership
  readonly users: UserCache
  readonly accounts: ReplicatedAccounts
  readonly ledger: SessionLedger
  readonly replicas: { readonly users: Replica; readonly sessions: Replica }
  /** Own data loaded, one exchange with a member done or nobody there, and the disk takes writes. */
  isReady(): boolean
  /** Says goodbye first, so that nobody asks a member whose disk is closing. */
  stop(): Promise<void>
}

const topics = { users: 'users', sessions: 'sessions' } as const

export const startNode = async (config: Config, log: Logger): Promise<Node> => {
  const closing: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0)) await close()
  }
  try {
    await prepareDataDir(config.dataDir)
    // Before anything is told to others: a folder that is in use, or not ours, ends the start here.
    const disks = {
      users: await openDisk(config, topics.users, log),
      sessions: await openDisk(config, topics.sessions, log),
    }
    closing.push(disks.users.close, disks.sessions.close)
    const membership = await startMembership(config, log)
    closing.unshift(() => membership.leave())
    const [userDoc, sessionDoc] = [new Y.Doc(), new Y.Doc()]
    const users = createUserCache({ doc: userDoc, nodeId: membership.self.id })
    const keep = async (name: keyof typeof disks, doc: Y.Doc, policy: Policy): Promise<Replica> => {
      const replica = await replicate(doc, membership, { name, policy, storage: disks[name], log })
      closing.splice(1, 0, () => replica.close())
      return replica
    }
    const replicas = {
      users: await keep('users', userDoc, users.policy),
      sessions: await keep('sessions', sessionDoc, endedSessionsPolicy),
    }
    return {
      membership,
      users,
      accounts: replicatedAccounts(users, replicas.users),
      ledger: endedSessions(sessionDoc, replicas.sessions),
      replicas,
      isReady: () => [replicas.users, replicas.sessions].every(servesWrites),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const servesWrites = (replica: Replica): boolean => {
  const { ready, storage } = replica.status()
  return ready && storage === 'keeping'
}

const prepareDataDir = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new ConfigError('DATA_DIR', error instanceof Error ? error.message : String(error))
  }
}

const openDisk = (config: Config, name: string, log: Logger): Promise<Storage> =>
  openLevelStorage({ folder: join(config.dataDir, name), owner: `${config.clusterName}/${name}`, log })

const startMembership = (config: Config, log: Logger): Promise<Membership> =>
  createMembership({
    cluster: config.clusterName,
    secrets: config.secrets,
    name: config.nodeName,
    dataDir: join(config.dataDir, 'member'),
    listen: config.listen,
    discovery: config.discovery,
    topics: Object.values(topics),
    metadata: { url: `http://${config.http.host}:${config.http.port}` },
    log,
  })
