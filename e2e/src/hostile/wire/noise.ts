import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  sign,
  type KeyObject,
} from 'node:crypto'

/**
 * The side that calls in Noise_XX_25519_ChaChaPoly_SHA256, with libp2p's proof of a peer id, without libp2p: whoever comes
 * this far has said who they are, and has proven no secret of any cluster. Specifications: noiseprotocol.org, revision
 * 34, sections 5 and 7.5, and github.com/libp2p/specs/tree/master/noise.
 */
export interface Wire {
  /** Messages without the two bytes that tell their length. */
  send(message: Uint8Array): void
  receive(): Promise<Buffer>
}

/** What one side can say and hear when the handshake is over. */
export interface Secured {
  say(words: Uint8Array): void
  hear(): Promise<Buffer>
}

interface Keys {
  readonly secret: KeyObject
  readonly raw: Buffer
}

const empty = Buffer.alloc(0)
const keyLength = 32
const tagLength = 16

export const callSecurely = async (wire: Wire): Promise<Secured> => {
  const [ephemeral, own] = [x25519(), x25519()]
  const state = symmetricState('Noise_XX_25519_ChaChaPoly_SHA256')
  // -> e
  state.mixHash(ephemeral.raw)
  state.mixHash(empty)
  wire.send(ephemeral.raw)
  // <- e, ee, s, es
  const answer = await wire.receive()
  const theirEphemeral = answer.subarray(0, keyLength)
  state.mixHash(theirEphemeral)
  state.mixKey(agreed(ephemeral, theirEphemeral))
  const [start, end] = [keyLength, 2 * keyLength + tagLength]
  const theirOwn = state.decrypt(answer.subarray(start, end))
  state.mixKey(agreed(ephemeral, theirOwn))
  state.decrypt(answer.subarray(end))
  // -> s, se
  const sealed = state.encrypt(own.raw)
  state.mixKey(agreed(own, theirEphemeral))
  wire.send(Buffer.concat([sealed, state.encrypt(identityOf(own.raw))]))
  const [out, back] = state.split()
  return {
    say: (words) => wire.send(out.seal(empty, words)),
    hear: async () => back.open(empty, await wire.receive()),
  }
}

const x25519 = (): Keys => {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  return { secret: privateKey, raw: rawOf(publicKey) }
}

const rawOf = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')

const agreed = ({ secret }: Keys, theirs: Uint8Array): Buffer => {
  const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirs).toString('base64url') }
  return diffieHellman({ privateKey: secret, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) })
}

/** A peer id made on the spot, and its signature under the Noise key; as protobuf, with fields of less than 128 bytes. */
const identityOf = (noiseKey: Buffer): Buffer => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = Buffer.concat([Buffer.of(0x08, 1, 0x12, keyLength), rawOf(publicKey)])
  const signature = sign(null, Buffer.concat([Buffer.from('noise-libp2p-static-key:'), noiseKey]), privateKey)
  return Buffer.concat([Buffer.of(0x0a, key.length), key, Buffer.of(0x12, signature.length), signature])
}

interface SymmetricState {
  mixHash(data: Uint8Array): void
  mixKey(material: Uint8Array): void
  encrypt(plain: Uint8Array): Buffer
  decrypt(sealed: Uint8Array): Buffer
  /** For what is said, and for what is heard. */
  split(): [Cipher, Cipher]
}

const symmetricState = (name: string): SymmetricState => {
  // A name of 32 bytes at most is the first hash itself.
  let hash: Buffer = Buffer.concat([Buffer.from(name)], keyLength)
  let chaining: Uint8Array = hash
  let current = cipher(Buffer.alloc(keyLength))
  const derive = (material: Uint8Array): [Buffer, Buffer] => {
    const both = Buffer.from(hkdfSync('sha256', material, chaining, empty, 2 * keyLength))
    return [both.subarray(0, keyLength), both.subarray(keyLength)]
  }
  const mixHash = (data: Uint8Array): void => {
    hash = createHash('sha256').update(hash).update(data).digest()
  }
  // The empty prologue.
  mixHash(empty)
  return {
    mixHash,
    mixKey: (material) => {
      const [next, key] = derive(material)
      chaining = next
      current = cipher(key)
    },
    encrypt: (plain) => {
      const sealed = current.seal(hash, plain)
      mixHash(sealed)
      return sealed
    },
    decrypt: (sealed) => {
      const plain = current.open(hash, sealed)
      mixHash(sealed)
      return plain
    },
    split: () => {
      const [out, back] = derive(empty)
      return [cipher(out), cipher(back)]
    },
  }
}

interface Cipher {
  seal(associated: Uint8Array, plain: Uint8Array): Buffer
  /** @throws when it is not what the other side sealed */
  open(associated: Uint8Array, sealed: Uint8Array): Buffer
}

const cipher = (key: Uint8Array): Cipher => {
  let count = 0
  const nonce = (): Buffer => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt32LE(count++, 4)
    return bytes
  }
  const options = { authTagLength: tagLength }
  return {
    seal: (associated, plain) => {
      const sealing = createCipheriv('chacha20-poly1305', key, nonce(), options)
      sealing.setAAD(associated, { plaintextLength: plain.length })
      return Buffer.concat([sealing.update(plain), sealing.final(), sealing.getAuthTag()])
    },
    open: (associated, sealed) => {
      const at = sealed.length - tagLength
      const opening = createDecipheriv('chacha20-poly1305', key, nonce(), options)
      opening.setAAD(associated, { plaintextLength: at })
      opening.setAuthTag(sealed.subarray(at))
      return Buffer.concat([opening.update(sealed.subarray(0, at)), opening.final()])
    },
  }
}
