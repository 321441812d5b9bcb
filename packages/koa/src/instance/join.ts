import { hostname } from 'node:os'
import { join as joinPath } from 'node:path'
import { slotNames } from '../sessions/periods.ts'
import { ownTopics } from './document-options.ts'
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
  try {
    return await become(membershipOptions(settings, topics, log))
  } catch (error) {
    throw joinFailure(error)
  }
}

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
  discovery: settings.discovery,
  topics: [ownTopics.users, ...documents, ...slotNames],
  metadata: { url: urlOf(settings) },
  log,
})

/** Where others may look for it; who listens on every address is known by its name. */
const urlOf = ({ host, port }: Pick<Settings, 'host' | 'port'>): string =>
  `http://${['0.0.0.0', '::'].includes(host) ? hostname() : host}:${port}`

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another process',
  EADDRNOTAVAIL: 'is not an address of this machine',
  EACCES: 'may not be listened on by this process',
}

/**
 * Why it did not become a member, in one line that names the variable; other errors pass as they are. libp2p tells each
 * address that it could not listen on, with a stack, in the text of one error.
 */
const joinFailure = (error: unknown): unknown => {
  if (!(error instanceof Error) || error.name !== 'UnsupportedListenAddressesError') return error
  const [, address, code = ''] = /^\s*(\/\S+): Error: listen (E[A-Z]+)/m.exec(error.message) ?? []
  const problem = words[code] ?? `could not be listened on (${code || 'no reason given'})`
  return new SettingError('CLUSTER_LISTEN', `${address ?? 'an address'} ${problem}`)
}
