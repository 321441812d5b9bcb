import { isRecord, parseJson } from '@grapevine/std'

/** A line of pino's JSON as a person reads it; any other line as it is. */
export const logLine = (raw: string): string => {
  const entry = parse(raw)
  if (entry === undefined) return raw
  const { level, time: _time, node: _node, msg, ...fields } = entry
  const details = Object.entries(fields).map(([key, value]) => `${key}=${short(value)}`)
  return [levelName(level), String(msg), ...details].join(' ').trim()
}

const parse = (raw: string): Record<string, unknown> | undefined => {
  if (!raw.startsWith('{')) return undefined
  const value = parseJson(raw)
  return isRecord(value) && 'msg' in value ? value : undefined
}

const levelName = (level: unknown): string => {
  if (typeof level !== 'number' || level === 30) return ''
  if (level < 30) return 'debug'
  return level === 40 ? 'warning' : 'ERROR'
}

/** Peer ids are long and differ at their end. */
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^12D3KooW\w{44}$/.test(text) ? `…${text.slice(-6)}` : text
}
