import {
  clusterAttempts,
  type AttemptLimiter,
  type ClusterAttempts,
  type DeviceDirectory,
  type SessionLedger,
} from '@grapevine/auth-middleware'
import { contentOf } from '../status/content-digest.ts'
import { readyAlone } from '../status/ready-alone.ts'
import { followRecentEvents, type RecentEvents } from '../status/recent-events.ts'
import { followCluster, type ClusterHistory } from '../status/cluster-history.ts'
import { watchHealth, type Activity } from '../status/health.ts'
import { exchangeHistory } from '../status/history-exchange.ts'
import { logChanges } from '../status/history-log.ts'
import { memberReports, type Reports } from '../status/reports.ts'
import { replicatedAccounts, type ReplicatedAccounts } from './accounts.ts'
import { closer, type Closer } from './closer.ts'
import { join } from './join.ts'
import { deviceList } from '../ended-sessions/device-list.ts'
import { sessionLife } from '../ended-sessions/open-sessions.ts'
import { openNameGrants } from '../sign-up/name-grants.ts'
import { openUserDatabase, type UserDatabase, type UserDatabaseParts } from '../database/user-database.ts'
import { agreedClock } from '../time/agreed-clock.ts'
import { openContent, openStorages, type Replicated } from './content.ts'
import { erasure, joining, type EraseUser, type JoinUser } from './erasure.ts'
import type { Membership } from '@grapevine/membership'
import type { Kept } from '../backup/backup.ts'
import type { FactsReplica } from '@grapevine/replica'
import type { UserCache } from '@grapevine/user-cache'
import type { Settings } from '../settings/settings.ts'
import type { Slot } from '../slots/slots.ts'
import type { DocumentsOf, FactsOf } from './document-options.ts'
import type { OpenDocument } from './documents.ts'
import type { OpenFacts } from './facts.ts'
import type { Ports } from './ports.ts'

/** One instance of an app: a member of the cluster with what it holds. It serves nobody by itself. */
export interface Instance<Name extends string = string, Facts extends string = string> {
  readonly membership: Membership
  readonly users: UserCache
  readonly userReplica: FactsReplica
  readonly accounts: ReplicatedAccounts
  /** Where there is one. */
  readonly database: Pick<UserDatabase, 'status'> | undefined
  /** Which sessions were ended. */
  readonly ledger: SessionLedger
  /** How many records are kept of a user's log-ins and log-outs. */
  sessionRecordsOf(userId: string): number
  /** Where people have logged in. */
  readonly devices: DeviceDirectory
  /** How many passwords may still be tried, in the whole cluster. */
  readonly attempts: AttemptLimiter
  /** What time it is, as the cluster has it: milliseconds since 1970. */
  readonly now: () => number
  /** Those of the app. */
  readonly documents: Readonly<Record<Name, OpenDocument>>
  readonly facts: Readonly<Record<Facts, OpenFacts>>
  /** Everything that is replicated: users, ended sessions, and what is of the app. */
  readonly replicas: Readonly<Record<string, Replicated>>
  /** What a backup has, and what one is put back into. */
  readonly kept: Kept
  /** What members say of themselves, for the dashboard and the metrics. */
  readonly reports: Reports
  readonly recentEvents: RecentEvents
  /** What happened to the cluster in the last day, as this member saw it, and before it was there another one. */
  readonly history: Pick<ClusterHistory, 'entries'>
  /** Told of what people do here, to be counted. */
  readonly activity: Activity
  readonly eraseUser: EraseUser
  /**
   * Ends all sessions of everybody, for good and on every member: for after data of an earlier time was put back, and ends of sessions
   * with it. Resolves when it is on this disk and on every member that can be reached.
   *
   * @throws UnavailableError when it is not known whether it will come to hold
   */
  bumpEpoch(): Promise<void>
  /** `undefined` when something is kept by user that the app does not know how to move. */
  readonly joinUser: JoinUser | undefined
  /** Its users are there: people can be let in. */
  hasUsers(): boolean
  /** It reached another member, expects none, or has waited for one long enough. */
  mayBeReady(): boolean
  /** Own data loaded, one exchange with a member done or nobody there, and the disk takes writes. */
  isReady(): boolean
  /** Says goodbye first, so that nobody asks a member whose disk is closing. */
  stop(): Promise<void>
}

export interface InstanceParts<Name extends string, Facts extends string> {
  readonly settings: Settings
  readonly ports: Ports
  readonly documents: DocumentsOf<Name>
  readonly facts: FactsOf<Facts>
  /** Let go of at last, also when the start fails. @default none */
  readonly slot?: Pick<Slot, 'release'>
}

/** Plugs the packages into each other. Whatever fails, nothing is left running. */
export const startInstance = async <Name extends string, Facts extends string>(
  parts: InstanceParts<Name, Facts>,
): Promise<Instance<Name, Facts>> => {
  const closing = closer()
  // Added first, it is closed last.
  if (parts.slot !== undefined) closing.add('disk', parts.slot.release)
  try {
    return await compose(parts, closing)
  } catch (error) {
    await closing.closeAll()
    throw error
  }
}

const compose = async <Name extends string, Facts extends string>(
  { settings, ports: given, documents, facts }: InstanceParts<Name, Facts>,
  closing: Closer,
): Promise<Instance<Name, Facts>> => {
  const topics = [...Object.keys(documents), ...Object.keys(facts)]
  // Before anything is told to others: a folder that is in use, or not ours, ends the start here.
  const storages = await openStorages(topics, given.disk, closing)
  const membership = await join(settings, topics, given)
  closing.add('member', () => membership.leave())
  const time = agreedClock(membership, given.now, given.clock.now)
  // From here on it is as late as the cluster has it, not as this machine alone.
  const ports = { ...given, now: time.now }
  const { compactAfter } = settings
  const content = await openContent({
    membership,
    storages,
    documents,
    facts,
    compactAfter,
    ports,
    isTimeSettled: time.isSettled,
    closing,
  })
  const { users, userReplica, replicas } = content
  const isCaughtUp = (): boolean => Object.values(replicas).every(servesWrites)
  const checkReadyAlone = readyAlone(membership, settings.readyAloneAfter)
  const mayBeReady = (): boolean => checkReadyAlone(isCaughtUp())
  const health = watchHealth({ ...ports, replicas, users })
  const own = () => ({
    content: contentOf(replicas),
    view: membership.view(),
    users: users.size,
    links: membership.reachable(),
    health: health.read(),
  })
  const database = followDatabase({
    ...content,
    replica: userReplica,
    facts: content.userFacts,
    membership,
    ports,
  })
  if (database !== undefined) closing.add('member', database.close)
  const hasUsers = (): boolean => userReplica.status().ready && hasLoaded(database, users)
  const attempts = await countedAttempts(membership, ports)
  closing.add('member', attempts.close)
  const names = await openNameGrants({
    membership,
    users,
    replica: userReplica,
    ports,
    isReady: () => userReplica.status().ready && mayBeReady(),
  })
  closing.add('member', async () => names.close())
  const reports = await memberReports({ membership, own, clock: ports.clock })
  const history = followCluster({
    ...ports,
    membership,
    reports,
    own,
    contestedNames: users.contestedNames,
    onChange: logChanges({ membership, users, log: ports.log }),
  })
  closing.add('member', async () => history.close())
  const earlier = await exchangeHistory({
    ...ports,
    membership,
    since: ports.now(),
    entries: history.entries,
  })
  closing.add('member', async () => earlier.close())
  const eraseUser = erasure({ users, userReplica, declared: documents, documents: content.documents })
  return {
    membership,
    users,
    userReplica,
    accounts: {
      ...replicatedAccounts(users, userReplica, names),
      // Its unique index grants the name.
      ...(database && { register: database.register }),
    },
    database,
    ledger: content.sessions,
    sessionRecordsOf: content.sessions.recordsOf,
    devices: deviceList({ ...ports, sessions: content.sessions, sessionLife }),
    attempts,
    now: time.now,
    documents: content.documents,
    facts: content.facts,
    replicas,
    kept: {
      facts: { users: { set: content.userFacts, replica: userReplica }, ...content.facts },
      documents: withUsers(content.documents, documents),
    },
    reports,
    history: { entries: () => [...history.entries(), ...earlier.entries()] },
    activity: health,
    recentEvents: followRecentEvents(membership, users, ports.now),
    eraseUser,
    joinUser: joining({ ...content, declared: documents, declaredFacts: facts, eraseUser }),
    bumpEpoch: content.sessions.bumpEpoch,
    hasUsers,
    mayBeReady,
    isReady: () => isCaughtUp() && mayBeReady() && hasUsers(),
    stop: closing.closeAll,
  }
}

const withUsers = (
  opened: Readonly<Record<string, OpenDocument>>,
  declared: DocumentsOf<string>,
): Kept['documents'] =>
  Object.fromEntries(
    Object.entries(opened).map(([name, { doc, write }]) => [
      name,
      { doc, write, keptByUser: declared[name]?.keptByUser },
    ]),
  )

const countedAttempts = (membership: Membership, ports: Ports): Promise<ClusterAttempts> => {
  const { attemptStore: store, clock, now, log } = ports
  const onError = (error: unknown): void => log.error({ err: error }, 'attempts are kept in memory only')
  return clusterAttempts(membership, { now, clock, onError, ...(store === undefined ? {} : { store }) })
}

const followDatabase = ({
  ports,
  ...parts
}: Omit<UserDatabaseParts, 'database' | 'store' | 'ports'> & { readonly ports: Ports }) => {
  const { database, pendingStore: store } = ports
  return database === undefined ? undefined : openUserDatabase({ ...parts, database, store, ports })
}

/** Who has users from its disk and from others serves them while the database is down. */
const hasLoaded = (database: UserDatabase | undefined, users: Pick<UserCache, 'size'>): boolean => {
  if (database === undefined) return true
  const { isLoaded, state } = database.status()
  return isLoaded || (state === 'down' && users.size > 0)
}

const servesWrites = (replica: Replicated): boolean => {
  const { ready, storage } = replica.status()
  return ready && storage === 'keeping'
}
