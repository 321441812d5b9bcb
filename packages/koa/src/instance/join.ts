import { hostname } from 'node:os'
import { join as joinPath } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { slotNames } from '../ended-sessions/periods.ts'
import { ownTopics } from './document-options.ts'
import { features } from '../upgrade/features.ts'
import { SettingError } from '../settings/setting-error.ts'
import type { Membership, MembershipOptions } from '@grapevine/membership'
import type { Logger } from 'pino'
import type { Settings } from '../settings/settings.ts'
import type { Ports } from './ports.ts'

/** Becomes a member of the cluster. @throws SettingError when it cannot listen */
export const join = async (
  settings: Settings,
  topics: readonly string[],
  { join: become, log }: Pick<Ports, 'join' | 'log'>,
): Promise<Membership> => {
  for (let shift = 0; ; shift += 1) {
    try {
      return await become(membershipOptions(shiftPorts(settings, shift), topics, log))
    } catch (error) {
      // Processes that share a folder may share a host, where each has the next cluster port.
      if (!isTaken(error) || shift + 1 >= settings.dataSlots) throw joinFailure(error)
    }
  }
}

const isTaken = (error: unknown): boolean =>
  codeOf(error) === 'LISTEN_FAILED' && reasonOf(error).includes('in use')

const shiftPorts = (settings: Settings, by: number): Settings => ({
  ...settings,
  clusterListen: settings.clusterListen.map((address) => shiftPort(address, by)),
  clusterAnnounce: settings.clusterAnnounce.map((address) => shiftPort(address, by)),
})

/** Port 0 is any, and stays so. */
const shiftPort = (address: string, by: number): string =>
  address.replace(/(?<=\/tcp\/)[1-9]\d*/, (port) => String(Number(port) + by))

const membershipOptions = (
  settings: Settings,
  documents: readonly string[],
  log: Logger,
): MembershipOptions => ({
  cluster: settings.clusterName,
  secrets: settings.secrets,
  name: settings.nodeName,
  dataDir: joinPath(settings.dataDir, 'member'),
  listen: settings.clusterListen,
  announce: settings.clusterAnnounce,
  discovery: settings.discovery,
  topics: [ownTopics.users, ...documents, ...slotNames],
  features: features.map(({ name }) => name),
  timings: { finaliseAfter: settings.finalizeAfter },
  metadata: { url: urlOf(settings) },
  log,
})

/** Where others may look for it; who listens on every address is known by its name. */
const urlOf = ({ host, port }: Pick<Settings, 'host' | 'port'>): string =>
  `http://${['0.0.0.0', '::'].includes(host) ? hostname() : host}:${port}`

/** Why it did not become a member, in one line that names the variable; other errors pass as they are. */
const joinFailure = (error: unknown): unknown =>
  codeOf(error) === 'LISTEN_FAILED'
    ? new SettingError('CLUSTER_LISTEN', reasonOf(error).replace(/^listen: /, ''))
    : error
