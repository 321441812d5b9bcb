import { statfs } from 'node:fs/promises'
import { readinessOf } from '../http/health/readiness.ts'
import type { ClusterView, DiscoveryReport, Member } from '@grapevine/membership'
import type { MirrorStatus } from '@grapevine/user-cache'
import type { Replicated } from '../instance/content.ts'
import type { Instance } from '../instance/instance.ts'
import type { Settings } from '../settings/settings.ts'

/** What is looked at of one node; no secret, no name of a person. */
export interface Examination {
  readonly self: Member
  readonly members: readonly Member[]
  readonly view: ClusterView
  /** Ids of members that it can talk to now. */
  readonly links: readonly string[]
  readonly discovery: DiscoveryReport
  /** Why it takes no traffic. */
  readonly reasons: readonly string[]
  readonly replicas: Readonly<Record<string, ReturnType<Replicated['status']>>>
  readonly contested: number
  readonly unreadFacts: number
  /** Messages of later versions. */
  readonly ignored: number
  readonly database: MirrorStatus | undefined
  readonly disk: DiskSpace | undefined
  readonly settings: Pick<Settings, 'mode' | 'dataDir' | 'clusterName'>
  /** How many secrets of the cluster it accepts. */
  readonly secrets: number
  /** Slots with data that no process reads. */
  readonly unreadSlots: readonly string[]
}

/** Of the file system that the data is on, in bytes. */
export interface DiskSpace {
  readonly free: number
  readonly size: number
}

export const examine = async (
  instance: Instance,
  settings: Settings,
  unreadSlots: readonly string[],
): Promise<Examination> => {
  const { membership, users, database } = instance
  const replicas = Object.entries(instance.replicas).map(
    ([name, replica]) => [name, replica.status()] as const,
  )
  return {
    self: membership.self,
    members: membership.members(),
    view: membership.view(),
    links: membership.reachable(),
    discovery: membership.discovery(),
    reasons: readinessOf(instance, { isDraining: () => false }).reasons,
    replicas: Object.fromEntries(replicas),
    contested: users.contestedNames().length,
    unreadFacts: Object.values(users.unread()).reduce((sum, { count }) => sum + count, 0),
    ignored: membership.ignored(),
    database: database?.status(),
    disk: await spaceOf(settings.dataDir),
    settings,
    secrets: settings.secrets.length,
    unreadSlots,
  }
}

/** Not known where the data is not in files. */
const spaceOf = async (folder: string): Promise<DiskSpace | undefined> => {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { free: bavail * bsize, size: blocks * bsize }
  } catch {
    return undefined
  }
}
