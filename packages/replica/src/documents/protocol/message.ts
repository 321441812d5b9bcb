import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { openFrame, sealFrame } from '../../shared/frame.ts'
import type { DeletesPosition } from '../update-codec/delete-slice.ts'
import type { Vector } from '../update-codec/vector.ts'

/** What one replica asks another. */
export type Request =
  /** Take this over, and answer when it is on your disk. */
  | { readonly type: 'store'; readonly update: Uint8Array }
  /** Do we hold the same? */
  | { readonly type: 'compare'; readonly digest: string }
  /** Send me the next slices of what this state vector lacks. */
  | { readonly type: 'pull'; readonly vector: Vector }
  /** Send me the next slice of what is deleted. */
  | { readonly type: 'pullDeletes'; readonly from: DeletesPosition | undefined }
  /** Take over this slice of what you lack; `more` will follow. Without an update: what do you lack? */
  | { readonly type: 'give'; readonly update: Uint8Array; readonly more: boolean }
  /** Send me a hash of the entries of your root maps for each bucket of them. */
  | { readonly type: 'buckets' }
  /** Send me a hash of each entry in this bucket. */
  | { readonly type: 'bucket'; readonly bucket: number }
  /** Send me these entries themselves. */
  | { readonly type: 'entries'; readonly bucket: number }

export type Response =
  | { readonly type: 'stored' }
  | { readonly type: 'equal' }
  | { readonly type: 'differ'; readonly digest: string }
  /**
   * A few slices, each building on those before. `vector`: how far they reach, so that the next can be asked for before
   * these are taken; with the last all that is known here, for whoever will give what is lacking in turn.
   */
  | {
      readonly type: 'slices'
      readonly updates: readonly Uint8Array[]
      readonly last: boolean
      readonly vector: Vector
    }
  | { readonly type: 'deletes'; readonly update: Uint8Array; readonly next: DeletesPosition | undefined }
  | { readonly type: 'taken'; readonly vector: Vector }
  /** Somebody else is sending me a large difference; try again soon. */
  | { readonly type: 'busy' }
  | { readonly type: 'hashes'; readonly hashes: Uint8Array }
  /** As an update of nobody, to be read and not to be applied. */
  | { readonly type: 'entries'; readonly update: Uint8Array }

const requestTypes = [
  'store',
  'compare',
  'pull',
  'pullDeletes',
  'give',
  'buckets',
  'bucket',
  'entries',
] as const
const responseTypes = [
  'stored',
  'equal',
  'differ',
  'slices',
  'deletes',
  'taken',
  'busy',
  'hashes',
  'entries',
] as const

export const encodeRequest = (request: Request): Uint8Array =>
  framed(requestTypes.indexOf(request.type), (encoder) => {
    switch (request.type) {
      case 'store':
        return encoding.writeVarUint8Array(encoder, request.update)
      case 'compare':
        return encoding.writeVarString(encoder, request.digest)
      case 'pull':
        return writeVector(encoder, request.vector)
      case 'pullDeletes':
        return writeDeletesPosition(encoder, request.from)
      case 'give':
        encoding.writeUint8(encoder, request.more ? 1 : 0)
        return encoding.writeVarUint8Array(encoder, request.update)
      case 'buckets':
        return undefined
      case 'bucket':
      case 'entries':
        return encoding.writeVarUint(encoder, request.bucket)
    }
  })

/** @throws RefusedUpdateError for anything else than a request */
export const decodeRequest = (frame: Uint8Array): Request =>
  unframed(frame, (decoder): Request => {
    const type = requestTypes[decoding.readUint8(decoder)]
    switch (type) {
      case 'store':
        return { type, update: decoding.readVarUint8Array(decoder) }
      case 'compare':
        return { type, digest: readDigest(decoder) }
      case 'pull':
        return { type, vector: readVector(decoder) }
      case 'pullDeletes':
        return { type, from: readDeletesPosition(decoder) }
      case 'give': {
        const more = decoding.readUint8(decoder) === 1
        return { type, more, update: decoding.readVarUint8Array(decoder) }
      }
      case 'buckets':
        return { type }
      case 'bucket':
      case 'entries':
        return { type, bucket: decoding.readVarUint(decoder) }
      default:
        throw new RangeError('unknown request')
    }
  })

export const encodeResponse = (response: Response): Uint8Array =>
  framed(responseTypes.indexOf(response.type), (encoder) => {
    switch (response.type) {
      case 'stored':
      case 'equal':
      case 'busy':
        return undefined
      case 'differ':
        return encoding.writeVarString(encoder, response.digest)
      case 'slices':
        encoding.writeUint8(encoder, response.last ? 1 : 0)
        writeVector(encoder, response.vector)
        encoding.writeVarUint(encoder, response.updates.length)
        for (const update of response.updates) encoding.writeVarUint8Array(encoder, update)
        return undefined
      case 'deletes':
        writeDeletesPosition(encoder, response.next)
        return encoding.writeVarUint8Array(encoder, response.update)
      case 'taken':
        return writeVector(encoder, response.vector)
      case 'hashes':
        return encoding.writeVarUint8Array(encoder, response.hashes)
      case 'entries':
        return encoding.writeVarUint8Array(encoder, response.update)
    }
  })

/** @throws RefusedUpdateError for anything else than a response */
export const decodeResponse = (frame: Uint8Array): Response =>
  unframed(frame, (decoder): Response => {
    const type = responseTypes[decoding.readUint8(decoder)]
    switch (type) {
      case 'stored':
      case 'equal':
      case 'busy':
        return { type }
      case 'differ':
        return { type, digest: readDigest(decoder) }
      case 'slices': {
        const last = decoding.readUint8(decoder) === 1
        return { type, last, vector: readVector(decoder), updates: readUpdates(decoder) }
      }
      case 'deletes':
        return { type, next: readDeletesPosition(decoder), update: decoding.readVarUint8Array(decoder) }
      case 'taken':
        return { type, vector: readVector(decoder) }
      case 'hashes':
        return { type, hashes: decoding.readVarUint8Array(decoder) }
      case 'entries':
        return { type, update: decoding.readVarUint8Array(decoder) }
      default:
        throw new RangeError('unknown response')
    }
  })

const framed = (type: number, write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder()
  encoding.writeUint8(encoder, type)
  write(encoder)
  return sealFrame(encoding.toUint8Array(encoder))
}

/** A decoder that runs past the end throws; so a forged length costs no more than the bytes received. */
const unframed = <T>(frame: Uint8Array, read: (decoder: decoding.Decoder) => T): T => {
  const payload = openFrame(frame)
  try {
    return read(decoding.createDecoder(payload))
  } catch (cause) {
    throw new RefusedUpdateError('not a message of the replica protocol', { cause })
  }
}

const readDigest = (decoder: decoding.Decoder): string => {
  const digest = decoding.readVarString(decoder)
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RangeError('not a digest')
  return digest
}

const writeVector = (encoder: encoding.Encoder, vector: Vector): void => {
  encoding.writeVarUint(encoder, vector.size)
  for (const [client, clock] of vector) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
  }
}

const readVector = (decoder: decoding.Decoder): Map<number, number> => {
  const vector = new Map<number, number>()
  const size = decoding.readVarUint(decoder)
  if (size > limits.vector) throw new RangeError('a state vector over the bound')
  for (let index = 0; index < size; index += 1)
    vector.set(decoding.readVarUint(decoder), decoding.readVarUint(decoder))
  return vector
}

const readUpdates = (decoder: decoding.Decoder): Uint8Array[] => {
  const count = decoding.readVarUint(decoder)
  if (count > limits.slicesPerAnswer) throw new RangeError('more slices than may come in one answer')
  return Array.from({ length: count }, () => decoding.readVarUint8Array(decoder))
}

const writeDeletesPosition = (encoder: encoding.Encoder, position: DeletesPosition | undefined): void => {
  encoding.writeUint8(encoder, position === undefined ? 0 : 1)
  if (position === undefined) return
  encoding.writeVarUint(encoder, position.client)
  encoding.writeVarUint(encoder, position.clock)
}

const readDeletesPosition = (decoder: decoding.Decoder): DeletesPosition | undefined =>
  decoding.readUint8(decoder) === 1
    ? { client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder) }
    : undefined
