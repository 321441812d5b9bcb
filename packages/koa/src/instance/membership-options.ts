import { hostname } from 'node:os'
import { join } from 'node:path'
import { slotNames } from '../sessions/periods.ts'
import { ownTopics } from './document-options.ts'
import type { MembershipOptions } from '@grapevine/membership'
import type { Logger } from 'pino'
import type { Settings } from '../settings/settings.ts'

/** How this instance becomes a member. */
export const membershipOptions = (
  settings: Settings,
  documents: readonly string[],
  log: Logger,
): MembershipOptions => ({
  cluster: settings.clusterName,
  secrets: settings.secrets,
  name: settings.nodeName,
  dataDir: join(settings.dataDir, 'member'),
  listen: settings.clusterListen,
  discovery: settings.discovery,
  topics: [ownTopics.users, ...documents, ...slotNames],
  metadata: { url: urlOf(settings) },
  log,
})

/** Where others may look for it; who listens on every address is known by its name. */
const urlOf = ({ host, port }: Pick<Settings, 'host' | 'port'>): string =>
  `http://${['0.0.0.0', '::'].includes(host) ? hostname() : host}:${port}`
