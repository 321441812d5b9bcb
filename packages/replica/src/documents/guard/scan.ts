import { limits } from '../../limits.ts'
import { createSiblingLimit, type SiblingLimit } from './sibling-limit.ts'
import { byte, refusal, skip, text, varInt, varUint, type Cursor } from './cursor.ts'

/**
 * Walks over a V1 update without building anything, and refuses what the Yjs decoder must not see. That decoder
 * trusts what an update declares: seven bytes make it reserve 240 MB, a nested value overflows its stack, and a
 * client that occurs twice means one thing to `decodeUpdate` and another to `applyUpdate`.
 *
 * @throws RefusedUpdateError
 */
export const scan = (update: Uint8Array): void => {
  const cursor: Cursor = { bytes: update, at: 0 }
  const structs = scanClients(cursor)
  scanDeletes(cursor)
  if (cursor.at !== update.length)
    throw refusal(`${update.length - cursor.at} bytes follow the end of the update`)
  // A second walk, which few updates need, since to remember every place costs more than the first.
  if (structs > limits.siblings) scanClients({ bytes: update, at: 0 }, createSiblingLimit())
}

/** @returns how many structs there are */
const scanClients = (cursor: Cursor, siblings?: SiblingLimit): number => {
  const clients = declared(cursor, 'authors', limits.authors)
  let all = 0
  let previous = Infinity
  for (let index = 0; index < clients; index += 1) {
    const structs = declared(cursor, 'structs', limits.structs)
    const client = clientId(cursor)
    if (client >= previous) throw refusal('authors are not in descending order, each once')
    previous = client
    let clock = varUint(cursor)
    all += structs
    if (all > limits.structs) throw refusal(`more than ${limits.structs} structs in one update`)
    for (let struct = 0; struct < structs; struct += 1) clock += scanStruct(cursor, siblings)
    if (clock > limits.clock) throw refusal(`clock ${clock}; allowed: up to ${limits.clock}`)
  }
  return all
}

const scanDeletes = (cursor: Cursor): void => {
  const clients = declared(cursor, 'authors of deletes', limits.structs)
  for (let index = 0; index < clients; index += 1) {
    clientId(cursor)
    const ranges = declared(cursor, 'deletes', limits.deletes)
    for (let range = 0; range < ranges; range += 1) {
      const end = varUint(cursor) + varUint(cursor)
      if (end > limits.clock) throw refusal(`deletes up to clock ${end}; allowed: up to ${limits.clock}`)
    }
  }
}

/** Each declared thing takes at least a byte: what does not fit into the rest of the update was forged. */
const declared = (cursor: Cursor, what: string, limit: number): number => {
  const count = varUint(cursor)
  const most = Math.min(limit, cursor.bytes.length - cursor.at)
  if (count > most) throw refusal(`declares ${count} ${what}; possible or allowed: ${most}`)
  return count
}

/** Yjs draws client ids from 32 bits; a larger one, which it would take, wins every conflict. */
const clientId = (cursor: Cursor): number => {
  const client = varUint(cursor)
  if (client > limits.clientId) throw refusal(`client id ${client}; allowed: 0 to ${limits.clientId}`)
  return client
}

const [hasOrigin, hasRightOrigin, hasKey, contentBits] = [0x80, 0x40, 0x20, 0x1f]

/** @returns how many clock ticks the struct takes */
const scanStruct = (cursor: Cursor, siblings: SiblingLimit | undefined): number => {
  const info = byte(cursor)
  if (info === 0) return length(cursor)
  if ((info & hasOrigin) !== 0) scanId(cursor, siblings)
  if ((info & hasRightOrigin) !== 0) scanId(cursor, (info & hasOrigin) === 0 ? siblings : undefined)
  if ((info & (hasOrigin | hasRightOrigin)) === 0) {
    if (varUint(cursor) === 1) scanKey(cursor, siblings)
    else scanId(cursor, siblings)
    if ((info & hasKey) !== 0) scanKey(cursor, siblings)
  }
  siblings?.count()
  return scanContent(cursor, info & contentBits)
}

const scanId = (cursor: Cursor, siblings?: SiblingLimit): void => {
  const [client, clock] = [clientId(cursor), varUint(cursor)]
  siblings?.id(client, clock)
}

const length = (cursor: Cursor): number => {
  const count = varUint(cursor)
  if (count < 1) throw refusal('a struct of no length')
  return count
}

const scanContent = (cursor: Cursor, kind: number): number => {
  switch (kind) {
    case 1:
      return length(cursor)
    case 2:
      return repeat(cursor, () => scanJson(cursor))
    case 3:
      skip(cursor, varUint(cursor))
      return 1
    case 4:
      return utf16Length(text(cursor))
    case 5:
      scanJson(cursor)
      return 1
    case 6:
      scanKey(cursor)
      scanJson(cursor)
      return 1
    case 7:
      scanType(cursor)
      return 1
    case 8:
      return repeat(cursor, () => scanAny(cursor, 0))
    default:
      // 9 is a subdocument, which has a life of its own; 10 is a gap, which no replica sends.
      throw refusal(`content of kind ${kind}`)
  }
}

const repeat = (cursor: Cursor, scanOne: () => void): number => {
  const count = declared(cursor, 'values', limits.update)
  if (count < 1) throw refusal('a struct of no length')
  for (let index = 0; index < count; index += 1) scanOne()
  return count
}

/** Map, array, text, XML fragment, element, hook, text; elements and hooks are named. */
const scanType = (cursor: Cursor): void => {
  const type = varUint(cursor)
  if (type > 6) throw refusal(`shared type ${type}`)
  if (type === 3 || type === 5) scanKey(cursor)
}

const scanAny = (cursor: Cursor, depth: number): void => {
  if (depth > limits.depth) throw refusal(`a value nested deeper than ${limits.depth}`)
  const kind = byte(cursor)
  switch (kind) {
    case 127:
    case 126:
    case 121:
    case 120:
      return
    case 125:
      return varInt(cursor)
    case 124:
      return skip(cursor, 4)
    case 123:
    case 122:
      return skip(cursor, 8)
    case 119:
    case 116:
      return skip(cursor, varUint(cursor))
    case 118: {
      const keys = declared(cursor, 'keys', limits.update)
      for (let index = 0; index < keys; index += 1) {
        scanKey(cursor)
        scanAny(cursor, depth + 1)
      }
      return
    }
    case 117: {
      const items = declared(cursor, 'items', limits.update)
      for (let index = 0; index < items; index += 1) scanAny(cursor, depth + 1)
      return
    }
    default:
      throw refusal(`value of kind ${kind}`)
  }
}

/** The decoder assigns keys to plain objects, so this one would set a prototype. */
const scanKey = (cursor: Cursor, siblings?: SiblingLimit): void => {
  const key = text(cursor)
  if (key.length > limits.key) throw refusal(`a key of ${key.length} bytes; allowed: up to ${limits.key}`)
  if (key.length === 9 && Buffer.from(key).toString('latin1') === '__proto__')
    throw refusal('the key __proto__')
  siblings?.name(key)
}

const scanJson = (cursor: Cursor): void => {
  let [depth, quoted] = [0, false]
  const json = text(cursor)
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (character === 0x22) quoted = !quoted
    else if (quoted && character === 0x5c) at += 1
    else if (!quoted && (character === 0x5b || character === 0x7b)) depth += 1
    else if (!quoted && (character === 0x5d || character === 0x7d)) depth -= 1
    if (depth > limits.depth) throw refusal(`a value nested deeper than ${limits.depth}`)
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const utf16Length = (bytes: Uint8Array): number => {
  const units = utf8.decode(bytes).length
  if (units < 1) throw refusal('a struct of no length')
  return units
}
