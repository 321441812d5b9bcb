import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * Admission by a shared secret, as a challenge and response (ISO/IEC 9798-4, mutual, with HMAC-SHA-256):
 * each side sends a fresh nonce, then proves for each of its secrets that it knows it, bound to both peer
 * ids, both nonces and its role. It runs inside Noise, which has proven the peer ids, so that a proof is
 * of no use on any other connection. With several secrets at once one can be rotated without a gap.
 */
export type Role = 'initiator' | 'responder'

export interface Handshake {
  readonly initiator: string
  readonly responder: string
  readonly initiatorNonce: Uint8Array
  readonly responderNonce: Uint8Array
}

export const nonceLength = 32
export const proofLength = 32

/** One admission key for each secret; the cluster's name is part of it (HKDF, RFC 5869). */
export const admissionKeys = (cluster: string, secrets: readonly string[]): readonly Uint8Array[] =>
  secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, cluster, 'grapevine admission 1', 32)))

export const prove = (key: Uint8Array, prover: Role, handshake: Handshake): Uint8Array => {
  const hmac = createHmac('sha256', key)
  for (const part of [
    Buffer.from(prover),
    Buffer.from(handshake.initiator),
    Buffer.from(handshake.responder),
    handshake.initiatorNonce,
    handshake.responderNonce,
  ]) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(part.length)
    hmac.update(length).update(part)
  }
  return hmac.digest()
}

/** All keys are tried, in the same time whatever matches. */
export const verifies = (
  keys: readonly Uint8Array[],
  prover: Role,
  handshake: Handshake,
  proofs: readonly Uint8Array[],
): boolean => {
  let matches = 0
  for (const key of keys) {
    const expected = prove(key, prover, handshake)
    for (const proof of proofs) {
      if (proof.length === proofLength && timingSafeEqual(expected, proof)) matches += 1
    }
  }
  return matches > 0
}
