import { join } from 'node:path'
import { createMembership, type Membership } from '@grapevine/membership'
import { openLevelStorage, replicate, type Policy, type Replica } from '@grapevine/replica'
import { createUserCache, type UserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { replicatedAccounts, type ReplicatedAccounts } from './accounts.ts'
import { endedSessions, endedSessionsPolicy } from './ended-sessions.ts'
import type { SessionLedger } from '@grapevine/auth-middleware'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

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
  const membership = await startMembership(config, log)
  const closing: (() => Promise<void>)[] = [() => membership.leave()]
  const stop = async (): Promise<void> => {
    for (const close of closing) await close()
  }
  const keep = async (name: string, doc: Y.Doc, policy: Policy): Promise<Replica> => {
    const folder = join(config.dataDir, name)
    const storage = await openLevelStorage({ folder, owner: `${config.clusterName}/${name}`, log })
    const replica = await replicate(doc, membership, { name, policy, storage, log })
    closing.push(() => replica.close())
    return replica
  }
  try {
    const [userDoc, sessionDoc] = [new Y.Doc(), new Y.Doc()]
    const users = createUserCache({ doc: userDoc, nodeId: membership.self.id })
    const replicas = {
      users: await keep(topics.users, userDoc, users.policy),
      sessions: await keep(topics.sessions, sessionDoc, endedSessionsPolicy),
    }
    return {
      membership,
      users,
      accounts: replicatedAccounts(users, replicas.users),
      ledger: endedSessions(sessionDoc, replicas.sessions),
      replicas,
      isReady: () =>
        [replicas.users, replicas.sessions].every((replica) => {
          const { ready, storage } = replica.status()
          return ready && storage === 'keeping'
        }),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

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
