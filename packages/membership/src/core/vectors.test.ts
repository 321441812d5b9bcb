import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { admissionKeys, prove, verifies } from '../network/admission/admission.ts'
import { decodeQuestion, encodeQuestion } from '../network/requests/request-channel.ts'
import { decodeFrame, encodeFrame } from '../network/requests/request-frames.ts'
import { digestOf } from './roster/roster.ts'
import { decodeMessage, encodeMessage, type Message } from './state/messages.ts'
import { commonVersions, type Spoken, type Versions } from './state/versions.ts'
import type { Frame } from '../network/requests/request-frames.ts'
import type { Statement } from './state/statement.ts'

interface Vectors {
  readonly admission: Readonly<Record<string, string>>
  readonly messages: readonly { readonly message: Message; readonly json: string }[]
  readonly unknown: readonly { readonly message: Message; readonly json: string }[]
  readonly versions: readonly {
    readonly own: Versions
    readonly theirs: Versions
    readonly spoken: Spoken | null
  }[]
  readonly digest: { readonly statements: readonly Statement[]; readonly digest: string }
  readonly question: { readonly protocol: string; readonly bytes: string; readonly hex: string }
  readonly frames: readonly { readonly frame: object; readonly hex: string }[]
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../docs/vectors/membership.json', import.meta.url), 'utf8'),
)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (text = ''): Uint8Array => Buffer.from(text, 'hex')

test('the key of a secret and both proofs of a handshake are as they were', () => {
  const { admission } = vectors
  const { cluster = '', secret = '', initiator = '', responder = '' } = admission
  const [key = new Uint8Array()] = admissionKeys(cluster, [secret])
  const handshake = {
    initiator,
    responder,
    initiatorNonce: bytesOf(admission['initiatorNonce']),
    responderNonce: bytesOf(admission['responderNonce']),
  }
  expect(hex(key)).toBe(admission['key'])
  expect(hex(prove(key, 'initiator', handshake))).toBe(admission['proofOfInitiator'])
  expect(hex(prove(key, 'responder', handshake))).toBe(admission['proofOfResponder'])
  const proof = bytesOf(admission['proofOfInitiator'])
  expect(verifies([key], 'responder', handshake, [proof])).toBe(false)
})

test.each(vectors.messages)('$message.type is written and read as it was: $json', ({ message, json }) => {
  expect(Buffer.from(encodeMessage(message)).toString()).toBe(json)
  expect(decodeMessage(Buffer.from(json))).toEqual(message)
})

test.each(vectors.unknown)('what is unknown is no error: $json', ({ message, json }) => {
  expect(decodeMessage(Buffer.from(json))).toEqual(message)
})

test.each(vectors.versions)('$own and $theirs speak $spoken, whichever asks', ({ own, theirs, spoken }) => {
  expect(commonVersions(own, theirs) ?? null).toEqual(spoken)
  expect(commonVersions(theirs, own)?.protocol).toBe(spoken?.protocol)
})

test('the digest of a roster, with whom it leaves out, is as it was', () => {
  expect(digestOf(vectors.digest.statements)).toBe(vectors.digest.digest)
})

test('a question with the name of its protocol, and each frame, is written and read as it was', () => {
  const { question, frames } = vectors
  expect(hex(encodeQuestion(question.protocol, bytesOf(question.bytes)))).toBe(question.hex)
  expect(hex(decodeQuestion(bytesOf(question.hex)).bytes)).toBe(question.bytes)
  for (const { frame, hex: wire } of frames) {
    const read = decodeFrame(bytesOf(wire).subarray(4))
    expect(shownOf(read)).toEqual(frame)
    expect(hex(encodeFrame(read ?? { kind: 'cancel', id: 0 }))).toBe(wire)
  }
})

const shownOf = (frame: Frame | undefined): object | undefined =>
  frame !== undefined && 'bytes' in frame ? { ...frame, bytes: hex(frame.bytes) } : frame

test('a frame of a kind of a later version is skipped', () => {
  expect(decodeFrame(Uint8Array.of(9, 0, 0, 0, 1))).toBeUndefined()
})
