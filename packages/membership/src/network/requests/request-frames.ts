import { limits } from '../../limits.ts'
import { MalformedMessageError, type RequestFailure } from '../../errors.ts'

/** What travels on a stream of requests. The one who asks chooses the ids, and they grow. */
export type Frame =
  /** The first part of a message, and the length of all of it. */
  | {
      readonly kind: 'request' | 'response'
      readonly id: number
      readonly length: number
      readonly bytes: Uint8Array
    }
  /** A further part of the message of this id. */
  | { readonly kind: 'part'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: RequestFailure }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'cancel'; readonly id: number }

const kinds = ['request', 'response', 'part', 'failure', 'cancel'] as const
const failures: readonly RequestFailure[] = ['failed', 'busy', 'unknown-protocol', 'too-large']

/** Kind and id; the length of the whole message where there is one. */
const headLength = 5
const lengthLength = 4
const prefixLength = 4

/** Most bytes of a message in one frame: with its head it fits one packet of Noise. Others get their turn after each. */
export const partLength = 64_512

/** A message on a stream: the largest request, the name of its protocol before it. */
export const longestMessage: number = limits.request + 256

export const largestId = 0xffff_ffff

export const encodeFrame = (frame: Frame): Uint8Array => {
  const bytes =
    'bytes' in frame ? frame.bytes : frame.kind === 'failure' ? failureByte(frame.failure) : nothing
  const head = headLength + ('length' in frame ? lengthLength : 0)
  const encoded = Buffer.allocUnsafe(prefixLength + head + bytes.length)
  encoded.writeUInt32BE(head + bytes.length, 0)
  encoded.writeUInt8(kinds.indexOf(frame.kind), prefixLength)
  encoded.writeUInt32BE(frame.id, prefixLength + 1)
  if ('length' in frame) encoded.writeUInt32BE(frame.length, prefixLength + headLength)
  encoded.set(bytes, prefixLength + head)
  return encoded
}

const nothing = new Uint8Array(0)

const failureByte = (failure: RequestFailure): Uint8Array => Uint8Array.of(failures.indexOf(failure))

/** @throws MalformedMessageError */
export const decodeFrame = (encoded: Uint8Array): Frame | undefined => {
  const view = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const kind = kinds[view.readUInt8(0)]
  const id = view.readUInt32BE(1)
  const bytes = encoded.subarray(headLength)
  switch (kind) {
    case 'request':
    case 'response':
      if (bytes.length < lengthLength) throw new MalformedMessageError('a message without its length')
      return { kind, id, length: view.readUInt32BE(headLength), bytes: bytes.subarray(lengthLength) }
    case 'part':
      return { kind, id, bytes }
    case 'failure':
      return { kind, id, failure: failures[bytes[0] ?? 0] ?? 'failed' }
    case 'cancel':
      return { kind, id }
    default:
      // Of a later version.
      return undefined
  }
}

const longestFrame = headLength + lengthLength + partLength

/**
 * Puts frames together from bytes as they arrive. It throws MalformedMessageError for what is none. The decoder of
 * libp2p throws and catches an error after each message, which costs as much as all else that is done to a small one.
 */
export const frameReader = (take: (frame: Frame) => void): ((data: Uint8Array) => void) => {
  /** The beginning of a frame, less than all of it, as it came. */
  let pieces: Uint8Array[] = []
  let held = 0
  let needed = prefixLength
  return (data) => {
    pieces.push(data)
    held += data.length
    if (held < needed) return
    let rest = pieces.length === 1 ? data : Buffer.concat(pieces)
    pieces = []
    for (needed = neededOf(rest); rest.length >= needed; needed = neededOf(rest)) {
      const frame = rest.subarray(prefixLength, needed)
      rest = rest.subarray(needed)
      const decoded = decodeFrame(frame)
      if (decoded !== undefined) take(decoded)
    }
    if (rest.length > 0) pieces.push(rest)
    held = rest.length
  }
}

/** Bytes of the frame that these begin, its prefix included, as far as they tell. */
const neededOf = (data: Uint8Array): number =>
  data.length < prefixLength ? prefixLength : prefixLength + decodeLength(data)

const decodeLength = (prefix: Uint8Array): number => {
  const length = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.byteLength).readUInt32BE(0)
  if (length < headLength || length > longestFrame)
    throw new MalformedMessageError(`a frame of ${length} bytes; allowed: ${headLength} to ${longestFrame}`)
  return length
}

/** The parts of a message, in their order. */
export const framesOf = function* (
  kind: 'request' | 'response',
  id: number,
  message: Uint8Array,
): Generator<Frame, undefined> {
  yield { kind, id, length: message.length, bytes: message.subarray(0, partLength) }
  for (let from = partLength; from < message.length; from += partLength)
    yield { kind: 'part', id, bytes: message.subarray(from, from + partLength) }
}
