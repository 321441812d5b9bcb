import { limits } from '../../limits.ts'
import { createSiblingLimit, type SiblingLimit } from './sibling-limit.ts'
import { byte, refusal, skip, text, varInt, varUint, type ByteReader } from './byte-reader.ts'

/**
 * Walks over a V1 update without building anything, and refuses what the Yjs decoder must not see. That decoder
 * trusts what an update declares: seven bytes make it reserve 240 MB, a nested value overflows its stack, and a
 * client that occurs twice means one thing to `decodeUpdate` and another to `applyUpdate`.
 *
 * @throws RefusedUpdateError
 */
export const scan = (update: Uint8Array): void => {
  const reader: ByteReader = { bytes: update, at: 0 }
  const structs = scanClients(reader)
  scanDeletes(reader)
  if (reader.at !== update.length)
    throw refusal(`${update.length - reader.at} bytes follow the end of the update`)
  // A second walk, which few updates need, since to remember every place costs more than the first.
  if (structs > limits.siblings) scanClients({ bytes: update, at: 0 }, createSiblingLimit())
}

/** @returns how many structs there are */
const scanClients = (reader: ByteReader, siblings?: SiblingLimit): number => {
  const clients = declared(reader, 'authors', limits.authors)
  let all = 0
  let previous = Infinity
  for (let index = 0; index < clients; index += 1) {
    const structs = declared(reader, 'structs', limits.structs)
    const client = clientId(reader)
    if (client >= previous) throw refusal('authors are not in descending order, each once')
    previous = client
    let clock = varUint(reader)
    all += structs
    if (all > limits.structs) throw refusal(`more than ${limits.structs} structs in one update`)
    for (let struct = 0; struct < structs; struct += 1) clock += scanStruct(reader, siblings)
    if (clock > limits.clock) throw refusal(`clock ${clock}; allowed: up to ${limits.clock}`)
  }
  return all
}

const scanDeletes = (reader: ByteReader): void => {
  const clients = declared(reader, 'authors of deletes', limits.structs)
  for (let index = 0; index < clients; index += 1) {
    clientId(reader)
    const ranges = declared(reader, 'deletes', limits.deletes)
    for (let range = 0; range < ranges; range += 1) {
      const end = varUint(reader) + varUint(reader)
      if (end > limits.clock) throw refusal(`deletes up to clock ${end}; allowed: up to ${limits.clock}`)
    }
  }
}

/** Each declared thing takes at least a byte: what does not fit into the rest of the update was forged. */
const declared = (reader: ByteReader, what: string, limit: number): number => {
  const count = varUint(reader)
  const most = Math.min(limit, reader.bytes.length - reader.at)
  if (count > most) throw refusal(`declares ${count} ${what}; possible or allowed: ${most}`)
  return count
}

/** Yjs draws client ids from 32 bits; a larger one, which it would take, wins every conflict. */
const clientId = (reader: ByteReader): number => {
  const client = varUint(reader)
  if (client > limits.clientId) throw refusal(`client id ${client}; allowed: 0 to ${limits.clientId}`)
  return client
}

const [hasOrigin, hasRightOrigin, hasKey, contentBits] = [0x80, 0x40, 0x20, 0x1f]

/** @returns how many clock ticks the struct takes */
const scanStruct = (reader: ByteReader, siblings: SiblingLimit | undefined): number => {
  const info = byte(reader)
  if (info === 0) return length(reader)
  if ((info & hasOrigin) !== 0) scanId(reader, siblings)
  if ((info & hasRightOrigin) !== 0) scanId(reader, (info & hasOrigin) === 0 ? siblings : undefined)
  if ((info & (hasOrigin | hasRightOrigin)) === 0) {
    if (varUint(reader) === 1) scanKey(reader, siblings)
    else scanId(reader, siblings)
    if ((info & hasKey) !== 0) scanKey(reader, siblings)
  }
  siblings?.count()
  return scanContent(reader, info & contentBits)
}

const scanId = (reader: ByteReader, siblings?: SiblingLimit): void => {
  const [client, clock] = [clientId(reader), varUint(reader)]
  siblings?.id(client, clock)
}

const length = (reader: ByteReader): number => {
  const count = varUint(reader)
  if (count < 1) throw refusal('a struct of no length')
  return count
}

const scanContent = (reader: ByteReader, kind: number): number => {
  switch (kind) {
    case 1:
      return length(reader)
    case 2:
      return repeat(reader, () => scanJson(reader))
    case 3:
      skip(reader, varUint(reader))
      return 1
    case 4:
      return utf16Length(text(reader))
    case 5:
      scanJson(reader)
      return 1
    case 6:
      scanKey(reader)
      scanJson(reader)
      return 1
    case 7:
      scanType(reader)
      return 1
    case 8:
      return repeat(reader, () => scanAny(reader, 0))
    default:
      // 9 is a subdocument, which has a life of its own; 10 is a gap, which no replica sends.
      throw refusal(`content of kind ${kind}`)
  }
}

const repeat = (reader: ByteReader, scanOne: () => void): number => {
  const count = declared(reader, 'values', limits.update)
  if (count < 1) throw refusal('a struct of no length')
  for (let index = 0; index < count; index += 1) scanOne()
  return count
}

/** Map, array, text, XML fragment, element, hook, text; elements and hooks are named. */
const scanType = (reader: ByteReader): void => {
  const type = varUint(reader)
  if (type > 6) throw refusal(`shared type ${type}`)
  if (type === 3 || type === 5) scanKey(reader)
}

const scanAny = (reader: ByteReader, depth: number): void => {
  if (depth > limits.depth) throw refusal(`a value nested deeper than ${limits.depth}`)
  const kind = byte(reader)
  switch (kind) {
    case 127:
    case 126:
    case 121:
    case 120:
      return
    case 125:
      return varInt(reader)
    case 124:
      return skip(reader, 4)
    case 123:
    case 122:
      return skip(reader, 8)
    case 119:
    case 116:
      return skip(reader, varUint(reader))
    case 118: {
      const keys = declared(reader, 'keys', limits.update)
      for (let index = 0; index < keys; index += 1) {
        scanKey(reader)
        scanAny(reader, depth + 1)
      }
      return
    }
    case 117: {
      const items = declared(reader, 'items', limits.update)
      for (let index = 0; index < items; index += 1) scanAny(reader, depth + 1)
      return
    }
    default:
      throw refusal(`value of kind ${kind}`)
  }
}

/** The decoder assigns keys to plain objects, so this one would set a prototype. */
const scanKey = (reader: ByteReader, siblings?: SiblingLimit): void => {
  const key = text(reader)
  if (key.length > limits.key) throw refusal(`a key of ${key.length} bytes; allowed: up to ${limits.key}`)
  if (key.length === 9 && Buffer.from(key).toString('latin1') === '__proto__')
    throw refusal('the key __proto__')
  siblings?.name(key)
}

const scanJson = (reader: ByteReader): void => {
  let [depth, quoted] = [0, false]
  const json = text(reader)
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
