import { isRecord } from '@grapevine/std'
import type { Health } from '@grapevine/dashboard'

const longestWord = 64
const mostReasons = 16

/** Of what a member says of itself, that which makes sense; the rest is left out: it may be of another version, or lie. */
export const readHealth = (value: unknown): Health => {
  if (!isRecord(value)) return {}
  const { version, disk, unread } = value
  const numbers = Object.fromEntries(
    (['uptime', 'diskBytes', 'lag', 'loopDelay', 'logins', 'writes'] as const).flatMap((name) => {
      const number = value[name]
      return isCount(number) ? [[name, number]] : []
    }),
  )
  return {
    ...numbers,
    ...(typeof version === 'string' && version.length <= longestWord ? { version } : {}),
    ...(disk === 'keeping' || disk === 'failing' ? { disk } : {}),
    ...(isRecord(unread) ? { unread: readUnread(unread) } : {}),
  }
}

const readUnread = (unread: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(unread)
      .flatMap(([reason, count]): [string, number][] =>
        reason.length <= longestWord && isCount(count) ? [[reason, count]] : [],
      )
      .slice(0, mostReasons),
  )

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER
