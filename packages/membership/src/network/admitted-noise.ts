import '../promise-with-resolvers.ts'
import { randomBytes } from 'node:crypto'
import { noise } from '@libp2p/noise'
import { byteStream } from '@libp2p/utils'
import { nonceLength, proofLength, prove, verifies, type Handshake, type Role } from '../admission.ts'
import { limits } from '../config.ts'
import { AdmissionRefusedError } from '../errors.ts'
import type {
  ConnectionEncrypter,
  MessageStream,
  SecureConnectionOptions,
  SecuredConnection,
} from '@libp2p/interface'

type NoiseComponents = Parameters<ReturnType<typeof noise>>[0]
type Bytes = ReturnType<typeof byteStream<MessageStream>>

/** How long the proofs may take once Noise is through, in milliseconds. */
const admissionTimeout = 5_000

/**
 * Noise, then the proof of the cluster's secret. libp2p negotiates a muxer and application protocols only
 * on what this returns, so that a stranger reaches none of them.
 */
export const admittedNoise =
  (keys: readonly Uint8Array[], onRefused: (peer: string) => void) =>
  (components: NoiseComponents & { readonly peerId: { toString(): string } }): ConnectionEncrypter => {
    const inner = noise()(components)
    const self = components.peerId.toString()

    const admit = async (
      secured: SecuredConnection,
      role: Role,
      options: SecureConnectionOptions | undefined,
    ): Promise<SecuredConnection> => {
      const peer = secured.remotePeer.toString()
      const bytes = byteStream(secured.connection)
      const timeout = AbortSignal.timeout(admissionTimeout)
      const signal = options?.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
      if (!(await exchangeProofs(bytes, keys, role, self, peer, signal))) {
        onRefused(peer)
        const refusal = new AdmissionRefusedError(peer)
        secured.connection.abort(refusal)
        throw refusal
      }
      return { ...secured, connection: bytes.unwrap() }
    }

    return {
      protocol: '/grapevine/noise/1',
      secureOutbound: async (connection, options) =>
        admit(await inner.secureOutbound(connection, options), 'initiator', options),
      secureInbound: async (connection, options) =>
        admit(await inner.secureInbound(connection, options), 'responder', options),
    }
  }

const exchangeProofs = async (
  bytes: Bytes,
  keys: readonly Uint8Array[],
  role: Role,
  self: string,
  peer: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const mine = randomBytes(nonceLength)
  await bytes.write(mine, { signal })
  const theirs = (await bytes.read({ bytes: nonceLength, signal })).subarray()
  const handshake = handshakeOf(role, self, peer, mine, theirs)
  await bytes.write(encodeProofs(keys.map((key) => prove(key, role, handshake))), { signal })
  const proofs = await readProofs(bytes, signal)
  return verifies(keys, role === 'initiator' ? 'responder' : 'initiator', handshake, proofs)
}

const handshakeOf = (
  role: Role,
  self: string,
  peer: string,
  mine: Uint8Array,
  theirs: Uint8Array,
): Handshake =>
  role === 'initiator'
    ? { initiator: self, responder: peer, initiatorNonce: mine, responderNonce: theirs }
    : { initiator: peer, responder: self, initiatorNonce: theirs, responderNonce: mine }

const encodeProofs = (proofs: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([Uint8Array.of(proofs.length), ...proofs])

const readProofs = async (bytes: Bytes, signal: AbortSignal): Promise<Uint8Array[]> => {
  const count = (await bytes.read({ bytes: 1, signal })).get(0)
  if (count < 1 || count > limits.secrets) return []
  const all = (await bytes.read({ bytes: count * proofLength, signal })).subarray()
  return Array.from({ length: count }, (_, index) =>
    all.subarray(index * proofLength, (index + 1) * proofLength),
  )
}
