import { hkdfSync, randomBytes } from 'node:crypto'

/**
 * A secret that goes into every hash and is kept apart from them (argon2's `secret`, RFC 9106, section 3.1): who has stolen a
 * disk cannot even begin to guess. Which one was used is said by the hash itself: its salt is 16 random bytes, and 4 that
 * name the pepper and tell nothing of it.
 */
export interface Pepper {
  readonly secret: Buffer
  readonly id: Buffer
}

const saltBytes = 16
const idBytes = 4

export const derivePepper = (text: string): Pepper => ({
  secret: derive(text, 'grapevine/auth-middleware/pepper/v1', 32),
  id: derive(text, 'grapevine/auth-middleware/pepper-id/v1', idBytes),
})

/** A new salt, which names the pepper if there is one. */
export const saltFor = (pepper: Pepper | undefined): Buffer =>
  Buffer.concat(pepper === undefined ? [randomBytes(saltBytes)] : [randomBytes(saltBytes), pepper.id])

/** The pepper that the hash was made with, out of those that are known; `undefined`: with none of them. */
export const pepperOf = (hash: string, known: readonly Pepper[]): Pepper | undefined => {
  const salt = Buffer.from(hash.split('$', 5)[4] ?? '', 'base64')
  if (salt.length !== saltBytes + idBytes) return undefined
  return known.find(({ id }) => salt.subarray(saltBytes).equals(id))
}

const derive = (text: string, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', text, '', purpose, bytes))
