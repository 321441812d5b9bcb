/** Ids of users and facts: 128 bits in base64url, random or from a hash. Nobody else can guess one. */
import { createHash } from 'node:crypto'

const idBytes = 16

// 22 characters hold 132 bits: the last one carries two bits, so only these four are canonical.
const id = /^[A-Za-z0-9_-]{21}[AQgw]$/

export type RandomBytes = (n: number) => Uint8Array

export const isId = (value: unknown): value is string => typeof value === 'string' && id.test(value)

export const randomId = (randomBytes: RandomBytes): string => {
  const { buffer, byteOffset, length } = randomBytes(idBytes)
  if (length !== idBytes) throw new TypeError(`randomBytes(${idBytes}) did not return ${idBytes} bytes.`)
  return Buffer.from(buffer, byteOffset, length).toString('base64url')
}

/** The same id for the same parts, on every node. */
export const derivedId = (...parts: readonly (string | number)[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  return hash.subarray(0, idBytes).toString('base64url')
}
