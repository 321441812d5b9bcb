import { access, constants, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { clusterAttempts } from '@grapevine/auth-middleware'
import { createMembership, type Membership } from '@grapevine/membership'
import { openLevelStorage, replicate, type Policy, type Replica, type Storage } from '@grapevine/replica'
import { createUserCache, PURGE_ORIGIN, type UserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { replicatedAccounts, type ReplicatedAccounts } from './accounts.ts'
import { ConfigError, type Config } from './config.ts'
import { followBudgets } from './entries/budgets.ts'
import { createEntries, type Entries } from './entries/entries.ts'
import { entriesRoot } from './entries/entry.ts'
import { entriesPolicy } from './entries/policy.ts'
import { contentOf } from './cluster-status.ts'
import { endedSessions, type EndedSessions } from './sessions/ended-sessions.ts'
import { periodOpener, removePast } from './sessions/open-period.ts'
import { periods, slotNames } from './sessions/periods.ts'
import { followHappenings, type Happenings } from './live/happenings.ts'
import { memberReports, type Reports } from './live/reports.ts'
import type { AttemptLedger, SessionLedger } from '@grapevine/auth-middleware'
import type { Logger } from 'pino'

/** One member of the cluster with what it holds: the packages, plugged into each other. */
export interface Node {
  readonly membership: Membership
  readonly users: UserCache
  readonly accounts: ReplicatedAccounts
  readonly ledger: SessionLedger
  /** How many passwords may still be tried, in the whole cluster. */
  readonly attempts: AttemptLedger
  readonly entries: Entries
  readonly replicas: {
    readonly users: Replica
    readonly sessions: Pick<Replica, 'status'>
    readonly entries: Replica
  }
  /** What members say of themselves, for the dashboard and the metrics. */
  readonly reports: Reports
  readonly happenings: Happenings
  /** Own data loaded, one exchange with a member done or nobody there, and the disk takes writes. */
  isReady(): boolean
  /** Says goodbye first, so that nobody asks a member whose disk is closing. */
  stop(): Promise<void>
}

/** What is replicated, each a document with a topic and a folder of its own. */
const topics = { users: 'users', sessions: 'sessions', entries: 'entries' } as const

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
      entries: await openDisk(config, topics.entries, log),
    }
    closing.push(disks.users.close, disks.entries.close)
    const membership = await startMembership(config, log)
    closing.unshift(() => membership.leave())
    const [userDoc, entryDoc] = [new Y.Doc(), new Y.Doc()]
    const entryMap = entryDoc.getMap<unknown>(entriesRoot)
    const budgets = followBudgets(entryMap)
    const users = createUserCache({ doc: userDoc, nodeId: membership.self.id })
    const happenings = followHappenings(membership, users, Date.now)
    const keep = async (name: keyof typeof disks, doc: Y.Doc, policy: Policy): Promise<Replica> => {
      const storage = disks[name]
      const replica = await replicate(doc, membership, {
        name,
        policy,
        storage,
        derivedOrigin: PURGE_ORIGIN,
        compactAfter: config.compactAfter,
        log,
      })
      closing.splice(1, 0, () => replica.close())
      return replica
    }
    const sessions = await keepSessions(config, membership, log)
    closing.splice(1, 0, sessions.close)
    const replicas = {
      users: await keep('users', userDoc, users.policy),
      sessions,
      entries: await keep('entries', entryDoc, entriesPolicy(entryMap, budgets)),
    }
    const reports = await memberReports({
      membership,
      own: () => ({
        content: contentOf(replicas),
        view: membership.view(),
        users: users.size,
        links: membership.reachable(),
      }),
    })
    return {
      membership,
      users,
      accounts: replicatedAccounts(users, replicas.users),
      ledger: sessions,
      attempts: await clusterAttempts(membership),
      entries: createEntries({ map: entryMap, budgets, replica: replicas.entries }),
      replicas,
      reports,
      happenings,
      isReady: () => Object.values(replicas).every(servesWrites),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** How long a session can live, in ms: the default of `sessions()`. */
const sessionLife = 7 * 24 * 60 * 60_000

const keepSessions = async (config: Config, bus: Membership, log: Logger): Promise<EndedSessions> => {
  const life = periods(sessionLife)
  const folder = join(config.dataDir, topics.sessions)
  await removePast(folder, life.live(Date.now()))
  const owner = `${config.clusterName}/${topics.sessions}`
  return endedSessions({
    periods: life,
    open: periodOpener({ bus, periods: life, folder, owner, log }),
    now: Date.now,
    onError: (error) => log.error({ err: error }, 'ended sessions were not rolled to the next period'),
  })
}

const servesWrites = (replica: Pick<Replica, 'status'>): boolean => {
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
    topics: [topics.users, topics.entries, ...slotNames],
    metadata: { url: urlOf(config.http) },
    log,
  })

/** Where others may look for it; who listens on every address is known by its name. */
const urlOf = ({ host, port }: Config['http']): string =>
  `http://${['0.0.0.0', '::'].includes(host) ? hostname() : host}:${port}`
