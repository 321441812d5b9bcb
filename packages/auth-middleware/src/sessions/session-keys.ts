import { hkdfSync } from 'node:crypto'
import Keygrip from 'keygrip'
import { InvalidOptionError } from '@grapevine/std'

const minSecretBytes = 16
const maxSecrets = 16
const keyBytes = 32
/** Keeps these keys apart from any other key that is derived from the same secret. */
const purpose = 'grapevine/auth-middleware/session-cookie/v1'

/**
 * The keys that sign session cookies, one from each secret of the cluster (HKDF-SHA-256). The first secret
 * signs; all of them verify. To rotate without logging anybody out: add the new secret at the end on every
 * node, then put it first on every node, then drop the old one after the absolute life of a session.
 *
 * @param secrets 1 to 16 secrets, newest first, each at least 16 bytes of UTF-8 and hard to guess
 * @throws {InvalidOptionError} never shows a secret
 */
export const deriveSessionKeys = (secrets: readonly string[]): Keygrip => {
  if (secrets.length < 1 || secrets.length > maxSecrets) {
    throw new InvalidOptionError('secrets', `a list of ${secrets.length}`, `1 to ${maxSecrets} secrets`)
  }
  return new Keygrip(secrets.map(deriveKey), 'sha256')
}

const deriveKey = (secret: string, index: number): string => {
  const bytes = Buffer.byteLength(secret)
  if (bytes < minSecretBytes) {
    throw new InvalidOptionError(
      `secrets[${index}]`,
      `${bytes} bytes long`,
      `at least ${minSecretBytes} bytes`,
    )
  }
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes)).toString('base64url')
}
