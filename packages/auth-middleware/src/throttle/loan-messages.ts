import { parseJson } from '@grapevine/std'
import type { AttemptKey } from './attempt-book.ts'
import type { AttemptKind } from './attempt-limiter.ts'

/** What members say to each other about attempts: a request names a key, the answer is a number. */
const knownKinds: Readonly<Record<AttemptKind, true>> = {
  account: true,
  device: true,
  address: true,
  signUpAddress: true,
  signUps: true,
}
const idPattern = /^[A-Za-z0-9_-]{22}$/
const maxBytes = 256

export const encodeRequest = ({ kind, id, window }: AttemptKey): Uint8Array =>
  Buffer.from(JSON.stringify({ kind, id, window }))

/** `undefined` for what no member of this version says. */
export const decodeRequest = (bytes: Uint8Array): AttemptKey | undefined => {
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null) return undefined
  const [kind, id, window] = ['kind', 'id', 'window'].map((name): unknown => Reflect.get(value, name))
  if (!isKind(kind) || typeof id !== 'string' || !idPattern.test(id)) return undefined
  return typeof window === 'number' && Number.isSafeInteger(window) ? { kind, id, window } : undefined
}

export const encodeAnswer = (amount: number): Uint8Array => Buffer.from(JSON.stringify(amount))

/** 0 for anything but a number of rights that could be one. */
export const decodeAnswer = (bytes: Uint8Array, cap: number): number => {
  const amount = parse(bytes)
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && amount <= cap
    ? amount
    : 0
}

const parse = (bytes: Uint8Array): unknown =>
  bytes.length > maxBytes ? undefined : parseJson(Buffer.from(bytes).toString())

const isKind = (value: unknown): value is AttemptKind =>
  typeof value === 'string' && Object.hasOwn(knownKinds, value)
