import { readFileSync } from 'node:fs'
import { isRecord, parseJson, type Clock } from '@grapevine/std'
import type { Health } from '@grapevine/dashboard'
import type { UserCache } from '@grapevine/user-cache'
import type { Replicated } from '../instance/content.ts'

export interface HealthParts {
  readonly replicas: Readonly<Record<string, Replicated>>
  readonly users: Pick<UserCache, 'unread'>
  readonly clock: Pick<Clock, 'now'>
  /** How many milliseconds the event loop is late. */
  readonly loopDelay: () => number
}

/** What is counted of people at this instance. */
export interface Activity {
  readonly countLogin: () => void
}

/** How this instance's own process is, for whoever asks; all of it is read, nothing is waited for. */
export const watchHealth = (parts: HealthParts): Activity & { readonly read: () => Health } => {
  const { replicas, users, clock, loopDelay } = parts
  const startedAt = clock.now()
  let logins = 0
  return {
    countLogin: () => void (logins += 1),
    read: () => {
      const all = Object.values(replicas).map((replica) => replica.status())
      return {
        version,
        uptime: Math.round(clock.now() - startedAt),
        disk: all.some(({ storage }) => storage === 'failing') ? 'failing' : 'keeping',
        diskBytes: sum(all.map(({ logBytes, snapshotBytes }) => logBytes + snapshotBytes)),
        lag: Math.round(
          Math.max(0, ...all.flatMap((one) => ('behind' in one ? one.behind.map((lag) => lag.for) : []))),
        ),
        unread: Object.fromEntries(
          Object.entries(users.unread()).map(([reason, { count }]) => [reason, count]),
        ),
        loopDelay: Math.round(loopDelay()),
        logins,
        writes: sum(all.map((one) => ('facts' in one ? one.facts : 0))),
      }
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const versionIn = (manifest: string): string => {
  const value = parseJson(manifest)
  return isRecord(value) && typeof value['version'] === 'string' ? value['version'] : 'unknown'
}

/** Of this package. */
export const version: string = versionIn(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
