import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { noFields } from './shapes.ts'

/**
 * Decodes V1 updates as Yjs does, and faster where they hold many short texts: most of what a document of
 * plain values consists of. Yjs asks a TextDecoder for each; texts of ASCII need none, and those that come again and
 * again, such as the names of fields, are kept and made once, which saves memory, too.
 */
export class UpdateDecoder extends Y.UpdateDecoderV1 {
  readonly #bytes: Buffer

  constructor(decoder: decoding.Decoder) {
    super(decoder)
    const { buffer, byteOffset, byteLength } = decoder.arr
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength)
  }

  override readString(): string {
    return readText(this.restDecoder, this.#bytes)
  }

  override readAny(): unknown {
    return readValue(this.restDecoder, this.#bytes)
  }
}

/**
 * An update is decoded twice in a row: by the guard, to judge it, and by Yjs, to apply it. The texts and values that
 * the first finds are kept until the next is judged, and the second takes them instead of making them again; what is
 * applied is what was judged.
 */
let judged: Judged = { bytes: new Uint8Array(), begins: [], ends: [], values: [] }

interface Judged {
  readonly bytes: Uint8Array
  readonly begins: number[]
  readonly ends: number[]
  readonly values: unknown[]
}

/** Decodes an update, and keeps what it finds for {@link ReplayingDecoder}. */
export class RecordingDecoder extends UpdateDecoder {
  constructor(decoder: decoding.Decoder) {
    super(decoder)
    judged = { bytes: decoder.arr, begins: [], ends: [], values: [] }
  }

  override readString(): string {
    const begin = this.restDecoder.pos
    const text = super.readString()
    record(begin, this.restDecoder.pos, text)
    return text
  }

  override readAny(): unknown {
    const begin = this.restDecoder.pos
    const value = super.readAny()
    record(begin, this.restDecoder.pos, value)
    return value
  }
}

const record = (begin: number, end: number, value: unknown): void => {
  judged.begins.push(begin)
  judged.ends.push(end)
  judged.values.push(value)
}

/** Decodes an update with what was found in it when it was judged, if it was the last one; any other as always. */
export class ReplayingDecoder extends UpdateDecoder {
  readonly #judged: Judged | undefined
  #next = 0

  constructor(decoder: decoding.Decoder) {
    super(decoder)
    this.#judged = judged.bytes === decoder.arr ? judged : undefined
  }

  override readString(): string {
    const value = this.#replayed()
    return typeof value === 'string' ? value : super.readString()
  }

  override readAny(): unknown {
    return this.#replayed() ?? super.readAny()
  }

  /** @returns undefined where nothing was kept, or that */
  #replayed(): unknown {
    const at = this.#next
    const { restDecoder } = this
    if (this.#judged?.begins[at] !== restDecoder.pos) return undefined
    const value = this.#judged.values[at]
    this.#next += 1
    // What is null or undefined is read anew; it is a byte.
    if (value !== undefined && value !== null) restDecoder.pos = this.#judged.ends[at] ?? restDecoder.pos
    return value
  }
}

const [tagArray, tagObject, tagText] = [117, 118, 119]

const readValue = (decoder: decoding.Decoder, bytes: Buffer): unknown => {
  switch (bytes[decoder.pos]) {
    case tagText:
      decoder.pos += 1
      return readText(decoder, bytes)
    case tagObject:
      decoder.pos += 1
      return readObject(decoder, bytes)
    case tagArray:
      decoder.pos += 1
      return Array.from({ length: decoding.readVarUint(decoder) }, () => readValue(decoder, bytes))
    default:
      return decoding.readAny(decoder)
  }
}

const readObject = (decoder: decoding.Decoder, bytes: Buffer): Record<string, unknown> => {
  const values: unknown[] = []
  let shape = noFields
  const fields = decoding.readVarUint(decoder)
  for (let field = 0; field < fields; field += 1) {
    shape = shape.with(readText(decoder, bytes))
    values.push(readValue(decoder, bytes))
  }
  return shape.make(values)
}

/** Longest text that is kept; and the texts, each where its ends and its length say. */
const mostKept = 12
const kept: string[] = Array.from({ length: 256 }, () => '')

const readText = (decoder: decoding.Decoder, bytes: Buffer): string => {
  const begin = decoder.pos
  const length = decoding.readVarUint(decoder)
  const [from, to] = [decoder.pos, decoder.pos + length]
  if (!isAscii(bytes, from, to)) {
    decoder.pos = begin
    return decoding.readVarString(decoder)
  }
  decoder.pos = to
  return length <= mostKept ? keptText(bytes, from, to) : bytes.toString('latin1', from, to)
}

/** Not so beyond the end either. */
const isAscii = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (to > bytes.length) return false
  let bits = 0
  for (let at = from; at < to; at += 1) bits |= bytes[at] ?? 0
  return bits < 0x80
}

const keptText = (bytes: Buffer, from: number, to: number): string => {
  if (from === to) return ''
  const slot = ((to - from) * 31 + (bytes[from] ?? 0) * 7 + (bytes[to - 1] ?? 0)) & 0xff
  const text = kept[slot] ?? ''
  if (isSame(text, bytes, from, to)) return text
  const made = bytes.toString('latin1', from, to)
  kept[slot] = made
  return made
}

const isSame = (text: string, bytes: Uint8Array, from: number, to: number): boolean => {
  if (text.length !== to - from) return false
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at - from) !== bytes[at]) return false
  return true
}
