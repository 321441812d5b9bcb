/** Ids of users and facts: 128 bits in base64url, random or from a hash. Nobody else can guess one. */
import { createHash } from 'node:crypto'

const ID_BYTES = 16

/** Characters of an id. */
export const ID_LENGTH = 22

// 22 characters hold 132 bits: the last one carries two bits, so only these four are canonical.
const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/

export type RandomBytes = (n: number) => Uint8Array

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value)
}

export function randomId(randomBytes: RandomBytes): string {
  const { buffer, byteOffset, length } = randomBytes(ID_BYTES)
  if (length !== ID_BYTES) throw new TypeError(`randomBytes(${ID_BYTES}) did not return ${ID_BYTES} bytes.`)
  return Buffer.from(buffer, byteOffset, length).toString('base64url')
}

/** The same id for the same parts, on every node. */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  return hash.subarray(0, ID_BYTES).toString('base64url')
}
