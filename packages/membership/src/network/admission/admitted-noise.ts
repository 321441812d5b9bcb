import '../libp2p-patches/promise-with-resolvers.ts'
import { randomBytes } from 'node:crypto'
import { noise } from '@libp2p/noise'
import { BoundedSet } from '@grapevine/std'
import { byteStream } from '@libp2p/utils'
import { nonceLength, proofLength, prove, verifies, type Handshake, type Role } from './admission.ts'
import { limits } from '../../limits.ts'
import { AdmissionRefusedError } from '../../errors.ts'
import { gatherWrites } from '../libp2p-patches/gather-writes.ts'
import type {
  ConnectionEncrypter,
  MessageStream,
  SecureConnectionOptions,
  SecuredConnection,
} from '@libp2p/interface'

type NoiseComponents = Parameters<ReturnType<typeof noise>>[0]
type Bytes = ReturnType<typeof byteStream<MessageStream>>

/** How long the proofs may take once Noise is through, in milliseconds. */
const admissionTimeout = 10_000

/** How long a refused peer gets to read why, in milliseconds. */
const partingTimeout = 500

export type RefusalReason =
  /** It did not prove the cluster's name and a secret. */
  | 'wrong-secret'
  /** It is not on this member's allow-list. */
  | 'not-allowed'
  /** This member is not on the peer's allow-list. */
  | 'not-allowed-there'

export interface Admission {
  readonly keys: readonly Uint8Array[]
  /** Peer ids; undefined for anybody who knows a secret. */
  readonly allow: ReadonlySet<string> | undefined
  /** `address`: host and port that the connection comes from or goes to, where they are known. */
  readonly onRefused: (peer: string, reason: RefusalReason, address: string | undefined) => void
  /** A connection to another process that has this member's key. */
  readonly onClone: () => void
}

/**
 * Noise, then the proof of the cluster's secret. libp2p negotiates a muxer and application protocols only
 * on what this returns, so that a stranger reaches none of them.
 */
export const admittedNoise =
  (admission: Admission) =>
  (components: NoiseComponents & { readonly peerId: { toString(): string } }): ConnectionEncrypter => {
    const inner = noise()(components)
    const self = components.peerId.toString()
    // Which connections to oneself are of this process: a copy of its data folder has the same key, and none of these.
    const ownNonces = new BoundedSet<string>(1_024)

    const admit = async (
      { connection, secured }: { connection: MessageStream; secured: SecuredConnection },
      role: Role,
      options: SecureConnectionOptions | undefined,
    ): Promise<SecuredConnection> => {
      const peer = secured.remotePeer.toString()
      const bytes = byteStream(secured.connection)
      const timeout = AbortSignal.timeout(admissionTimeout)
      const signal = options?.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
      const refused = await exchangeProofs(bytes, admission, role, self, peer, signal, ownNonces)
      if (refused !== undefined) {
        admission.onRefused(peer, refused, addressOf(connection))
        const refusal = new AdmissionRefusedError(peer)
        await part(bytes)
        secured.connection.abort(refusal)
        throw refusal
      }
      return { ...secured, connection: bytes.unwrap() }
    }

    return {
      protocol: '/grapevine/noise/1',
      secureOutbound: async (connection, options) =>
        admit(
          { connection, secured: await inner.secureOutbound(gatherWrites(connection), options) },
          'initiator',
          options,
        ),
      secureInbound: async (connection, options) =>
        admit(
          { connection, secured: await inner.secureInbound(gatherWrites(connection), options) },
          'responder',
          options,
        ),
    }
  }

/** Types promise a stream only; what libp2p hands in is a connection of a transport. */
const addressOf = (connection: MessageStream): string | undefined => {
  const address: unknown = Reflect.get(connection, 'remoteAddr')
  const [, kind, host, port] = /^\/(ip4|ip6|dns[46]?)\/([^/]+)\/tcp\/(\d+)/.exec(String(address)) ?? []
  if (host === undefined) return undefined
  return kind === 'ip6' ? `[${host}]:${port}` : `${host}:${port}`
}

/** @returns why the peer is not admitted; undefined if it is */
const exchangeProofs = async (
  bytes: Bytes,
  { keys, allow, onClone }: Admission,
  role: Role,
  self: string,
  peer: string,
  signal: AbortSignal,
  ownNonces: Set<string>,
): Promise<RefusalReason | undefined> => {
  const isAllowed = allow === undefined || allow.has(peer)
  const mine = randomBytes(nonceLength)
  if (peer === self) ownNonces.add(mine.toString('hex'))
  await bytes.write(mine, { signal })
  const theirs = (await bytes.read({ bytes: nonceLength, signal })).subarray()
  const handshake = handshakeOf(role, self, peer, mine, theirs)
  await bytes.write(encodeProofs(isAllowed ? keys.map((key) => prove(key, role, handshake)) : []), { signal })
  if (!isAllowed) return 'not-allowed'
  const proofs = await readProofs(bytes, signal)
  if (proofs.length === 0) return 'not-allowed-there'
  const peerRole = role === 'initiator' ? 'responder' : 'initiator'
  if (!verifies(keys, peerRole, handshake, proofs)) return 'wrong-secret'
  if (peer === self && !ownNonces.has(Buffer.from(theirs).toString('hex'))) onClone()
  return undefined
}

/** Waits until the other side has read what was sent, or hung up: a reset would take it away unread. */
const part = async (bytes: Bytes): Promise<void> => {
  const signal = AbortSignal.timeout(partingTimeout)
  try {
    await bytes.write(Uint8Array.of(0), { signal })
    await bytes.read({ bytes: 1, signal })
  } catch {
    // It hung up first, or does not answer: it is hung up on now.
  }
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
