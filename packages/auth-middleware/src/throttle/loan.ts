import type { AttemptKey } from './attempt-book.ts'
import type { AttemptKind } from './attempt-ledger.ts'

/** What members say to each other about attempts: a request names a key, the answer is a number. */
const KINDS: Readonly<Record<AttemptKind, true>> = { account: true, device: true, address: true }
const ID = /^[A-Za-z0-9_-]{22}$/
const MAX_BYTES = 256

export function encodeRequest({ kind, id, window }: AttemptKey): Uint8Array {
  return Buffer.from(JSON.stringify({ kind, id, window }))
}

/** `undefined` for what no member of this version says. */
export function decodeRequest(bytes: Uint8Array): AttemptKey | undefined {
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null) return undefined
  const [kind, id, window] = ['kind', 'id', 'window'].map((name): unknown => Reflect.get(value, name))
  if (!isKind(kind) || typeof id !== 'string' || !ID.test(id)) return undefined
  return typeof window === 'number' && Number.isSafeInteger(window) ? { kind, id, window } : undefined
}

export function encodeAnswer(amount: number): Uint8Array {
  return Buffer.from(JSON.stringify(amount))
}

/** 0 for anything but a number of rights that could be one. */
export function decodeAnswer(bytes: Uint8Array, cap: number): number {
  const amount = parse(bytes)
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && amount <= cap
    ? amount
    : 0
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES) return undefined
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined // not one of ours
  }
}

function isKind(value: unknown): value is AttemptKind {
  return typeof value === 'string' && Object.hasOwn(KINDS, value)
}
