import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { PrivateKey } from '@libp2p/interface'
import type { Proofs } from '../../core/state/proofs.ts'

/** Signatures (Ed25519) with the member's key over cluster, id and incarnation; the id is the public key. */
export const incarnationProofs = (cluster: string, id: string, key: PrivateKey): Proofs => {
  const signer = createPrivateKey({
    key: Buffer.concat([pkcs8Ed25519, key.raw.subarray(0, keyLength)]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    prove: (incarnation) => sign(undefined, textOf(cluster, id, incarnation), signer).toString('base64url'),
    verify: (other, incarnation, proof) => {
      const publicKey = publicKeyOf(other)
      const text = textOf(cluster, other, incarnation)
      return publicKey !== undefined && verify(undefined, text, publicKey, Buffer.from(proof, 'base64url'))
    },
  }
}

const textOf = (cluster: string, id: string, incarnation: number): Buffer =>
  Buffer.from(`grapevine incarnation 1\n${cluster}\n${id}\n${incarnation}`)

const keyLength = 32
const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiEd25519 = Buffer.from('302a300506032b6570032100', 'hex')

/** A peer id of an Ed25519 key is that key: an identity multihash (0x00, 36 bytes) of its protobuf (type 1, 32 bytes). */
const idPrefix = '002408011220'

const publicKeyOf = (id: string): KeyObject | undefined => {
  const hex = hexOfBase58(id)
  if (hex?.startsWith(idPrefix) !== true) return undefined
  const raw = Buffer.from(hex.slice(idPrefix.length), 'hex')
  return createPublicKey({ key: Buffer.concat([spkiEd25519, raw]), format: 'der', type: 'spki' })
}

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const idBytes = 38

const hexOfBase58 = (text: string): string | undefined => {
  let number = 0n
  for (const character of text) {
    const digit = base58.indexOf(character)
    if (digit === -1 || text.length > 64) return undefined
    number = number * 58n + BigInt(digit)
  }
  const hex = number.toString(16)
  return hex.length > 2 * idBytes ? undefined : hex.padStart(2 * idBytes, '0')
}
