import { MalformedMessageError } from '../../errors.ts'
import { longestMessage } from './request-frames.ts'

/** Messages that arrive in parts, by id; no part is kept of one that nobody began or that was given up. */
export interface Assembly {
  /** @returns the message, if this is all of it @throws MalformedMessageError */
  begin(id: number, length: number, bytes: Uint8Array): Uint8Array | undefined
  /** @returns the message, if this is the last part of it @throws MalformedMessageError */
  add(id: number, bytes: Uint8Array): Uint8Array | undefined
  /** @returns whether some of it had arrived */
  giveUp(id: number): boolean
}

interface Begun {
  readonly length: number
  readonly parts: Uint8Array[]
  arrived: number
}

export const assembly = (): Assembly => {
  const begun = new Map<number, Begun>()

  const add = (id: number, bytes: Uint8Array): Uint8Array | undefined => {
    const message = begun.get(id)
    if (message === undefined) return undefined
    if (bytes.length === 0 || message.arrived + bytes.length > message.length)
      throw new MalformedMessageError(`a part of ${bytes.length} bytes of a message of ${message.length}`)
    message.parts.push(bytes)
    message.arrived += bytes.length
    if (message.arrived < message.length) return undefined
    begun.delete(id)
    return Buffer.concat(message.parts)
  }

  return {
    begin: (id, length, bytes) => {
      if (length > longestMessage) throw new MalformedMessageError(`a message of ${length} bytes`)
      if (begun.has(id)) throw new MalformedMessageError('a message that was begun twice')
      if (bytes.length === length) return bytes
      begun.set(id, { length, parts: [], arrived: 0 })
      return add(id, bytes)
    },
    add,
    giveUp: (id) => begun.delete(id),
  }
}
