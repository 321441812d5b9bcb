import '../network/libp2p-patches/promise-with-resolvers.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { privateModes, readIfThere, replaceFile } from '@grapevine/std/node'
import { nodeKept, type KeptFiles } from './kept-files.ts'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { limits } from '../limits.ts'
import { CorruptIdentityError } from '../errors.ts'
import type { PrivateKey } from '@libp2p/interface'

export interface Identity {
  /** The member's id: its public key, as libp2p writes it. */
  readonly id: string
  readonly privateKey: PrivateKey
  /** Higher than at any earlier start, also when the folder was lost: then the clock vouches for it. */
  readonly incarnation: number
  /** Whether the key was made at this start. */
  readonly isNew: boolean
}

/**
 * The member's key and incarnation, from its folder; made at the first start.
 *
 * @param clock - milliseconds since the epoch
 */
export const loadIdentity = async (folder: string | undefined, clock: () => number): Promise<Identity> => {
  if (folder === undefined) return identityOf(await newKey(), clock())
  await mkdir(folder, { recursive: true, mode: privateModes().folder })
  const key = await loadKey(join(folder, 'member.key'))
  const incarnation = await raiseIncarnation(join(folder, 'incarnation'), clock)
  return identityOf(key, incarnation)
}

type Key = Pick<Identity, 'privateKey' | 'isNew'>

const identityOf = (key: Key, incarnation: number): Identity => ({
  ...key,
  id: key.privateKey.publicKey.toString(),
  incarnation,
})

const newKey = async (): Promise<Key> => ({ privateKey: await generateKeyPair('Ed25519'), isNew: true })

const loadKey = async (file: string): Promise<Key> => {
  const stored = (await readIfThere(file))?.toString()
  if (stored !== undefined) return { privateKey: decodeKey(file, stored), isNew: false }
  const key = await newKey()
  await replaceFile(file, Buffer.from(privateKeyToProtobuf(key.privateKey)).toString('base64'))
  return key
}

const decodeKey = (file: string, stored: string): PrivateKey => {
  try {
    return privateKeyFromProtobuf(Buffer.from(stored, 'base64'))
  } catch {
    // The cause is left out: it could quote the key.
    throw new CorruptIdentityError(file)
  }
}

/** One more than at the last start; of a folder that is new, the time. */
export const raiseIncarnation = async (
  file: string,
  clock: () => number,
  kept: KeptFiles = nodeKept,
): Promise<number> => {
  const stored = Number((await kept.read(file))?.toString() ?? 0)
  // A clock or a file that is absurd must not use up what is left to count.
  const isUsable = (value: number): boolean =>
    Number.isSafeInteger(value) && value < limits.unprovenIncarnation
  const incarnation = Math.max(isUsable(stored) ? stored + 1 : 0, isUsable(clock()) ? clock() : 0)
  await kept.write(file, String(incarnation))
  return incarnation
}
