import { isRecord, parseJson } from '@grapevine/std'

/** A line of pino's JSON as a person reads it, with the time of day; any other line as it is. */
export const logLine = (raw: string): string => {
  const entry = parse(raw)
  if (entry === undefined) return raw
  const { level, time, node: _node, msg, audit, ...fields } = entry
  const when = clockTime(time)
  if (isRecord(audit)) return [when, levelName(level), auditWords(audit)].filter(Boolean).join(' ')
  const details = Object.entries(fields).map(([key, value]) => `${key}=${short(value)}`)
  return [when, levelName(level), String(msg), ...details].filter(Boolean).join(' ')
}

const parse = (raw: string): Record<string, unknown> | undefined => {
  if (!raw.startsWith('{')) return undefined
  const value = parseJson(raw)
  return isRecord(value) && 'msg' in value ? value : undefined
}

/** Of this machine: who reads it sits before it. */
const clockTime = (time: unknown): string => {
  if (typeof time !== 'number') return ''
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

const levelName = (level: unknown): string => {
  if (typeof level !== 'number' || level === 30) return ''
  if (level < 30) return 'debug'
  return level === 40 ? 'warning:' : 'ERROR:'
}

const reasons: Readonly<Record<string, string>> = {
  'no-match': 'wrong username or password',
  disabled: 'the account is disabled',
  USERNAME_TAKEN: 'the name is taken',
}

/** What happened at the door: login refused: wrong username or password (user YOVq…, from 127.0.0.1). */
const auditWords = ({ type, reason, userId, userIds, ip }: Readonly<Record<string, unknown>>): string => {
  const what = String(type).replaceAll('-', ' ')
  const why = typeof reason === 'string' ? `: ${reasons[reason] ?? reason}` : ''
  const ids = [userId, ...(Array.isArray(userIds) ? userIds : [])].filter((id) => typeof id === 'string')
  const who = ids.map((id) => `user ${id.slice(0, 8)}`)
  return `${what}${why} (${[...who, `from ${String(ip)}`].join(', ')})`
}

/** Peer ids are long and differ at their end. */
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^12D3KooW\w{44}$/.test(text) ? `…${text.slice(-6)}` : text
}
