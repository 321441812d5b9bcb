import { isRecord, parseJson } from '@grapevine/std'
import { factOf, type Fact } from '@grapevine/facts'
import type { DeviceRecord } from '@grapevine/auth-middleware'

/** The salt lets a key tell nothing of a text that is gone. */
export const deviceFactOf = ({ userId, ...record }: DeviceRecord, salt: string): Fact =>
  factOf(userId, JSON.stringify({ kind: 'device', ...record, salt }))

const maxLength = 200

/** `undefined` for what is not understood: it is held and passed on, and not listed. */
export const parseDeviceFact = (userId: string, text: string): DeviceRecord | undefined => {
  const value = parseJson(text)
  if (!isRecord(value) || value['kind'] !== 'device') return undefined
  const { id, epoch, addressGroup, browser, since } = value
  if (!isText(id) || !isText(epoch) || !isText(addressGroup) || !isText(browser)) return undefined
  if (typeof since !== 'number' || !Number.isSafeInteger(since) || Math.abs(since) > 8.64e15) return undefined
  return { id, userId, epoch, since, addressGroup, browser }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxLength
