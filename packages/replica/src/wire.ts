import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { RefusedUpdateError } from './errors.ts'

/** What one replica asks another. */
export type Request =
  /** Take this over, and answer when it is on your disk. */
  | { readonly type: 'store'; readonly update: Uint8Array }
  /** The same, in an exchange: answer with your state vector, so that I know what to send next. */
  | { readonly type: 'give'; readonly update: Uint8Array }
  /** Do we hold the same? If not, send me the next slice of what I lack. */
  | { readonly type: 'compare'; readonly digest: string; readonly vector: ReadonlyMap<number, number> }

export type Response =
  | { readonly type: 'stored' }
  | { readonly type: 'taken'; readonly vector: ReadonlyMap<number, number> }
  | { readonly type: 'equal' }
  | {
      readonly type: 'slice'
      readonly last: boolean
      readonly vector: ReadonlyMap<number, number>
      readonly update: Uint8Array
    }

const requestTypes = ['store', 'give', 'compare'] as const
const responseTypes = ['stored', 'taken', 'equal', 'slice'] as const

export const encodeRequest = (request: Request): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8(encoder, requestTypes.indexOf(request.type))
    if (request.type === 'compare') {
      encoding.writeVarString(encoder, request.digest)
      writeVector(encoder, request.vector)
    } else {
      encoding.writeVarUint8Array(encoder, request.update)
    }
  })

/** @throws RefusedUpdateError for anything else than a request */
export const decodeRequest = (bytes: Uint8Array): Request =>
  guarded((): Request => {
    const decoder = decoding.createDecoder(bytes)
    const type = requestTypes[decoding.readUint8(decoder)]
    switch (type) {
      case 'store':
      case 'give':
        return { type, update: decoding.readVarUint8Array(decoder) }
      case 'compare':
        return { type, digest: decoding.readVarString(decoder), vector: readVector(decoder) }
      default:
        throw new RangeError('unknown request')
    }
  })

export const encodeResponse = (response: Response): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8(encoder, responseTypes.indexOf(response.type))
    if (response.type === 'taken') writeVector(encoder, response.vector)
    if (response.type === 'slice') {
      encoding.writeUint8(encoder, response.last ? 1 : 0)
      writeVector(encoder, response.vector)
      encoding.writeVarUint8Array(encoder, response.update)
    }
  })

/** @throws RefusedUpdateError for anything else than a response */
export const decodeResponse = (bytes: Uint8Array): Response =>
  guarded((): Response => {
    const decoder = decoding.createDecoder(bytes)
    const type = responseTypes[decoding.readUint8(decoder)]
    switch (type) {
      case 'stored':
      case 'equal':
        return { type }
      case 'taken':
        return { type, vector: readVector(decoder) }
      case 'slice': {
        const last = decoding.readUint8(decoder) === 1
        return { type, last, vector: readVector(decoder), update: decoding.readVarUint8Array(decoder) }
      }
      default:
        throw new RangeError('unknown response')
    }
  })

export const vectorOf = (doc: Y.Doc): ReadonlyMap<number, number> =>
  new Map([...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)]))

const writeVector = (encoder: encoding.Encoder, vector: ReadonlyMap<number, number>): void => {
  encoding.writeVarUint(encoder, vector.size)
  for (const [client, clock] of vector) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
  }
}

const readVector = (decoder: decoding.Decoder): Map<number, number> => {
  const vector = new Map<number, number>()
  const size = decoding.readVarUint(decoder)
  for (let index = 0; index < size; index += 1)
    vector.set(decoding.readVarUint(decoder), decoding.readVarUint(decoder))
  return vector
}

/** A decoder that runs past the end throws; so a forged length costs no more than the bytes received. */
const guarded = <T>(decode: () => T): T => {
  try {
    return decode()
  } catch (cause) {
    throw new RefusedUpdateError('not a message of the replica protocol', { cause })
  }
}
