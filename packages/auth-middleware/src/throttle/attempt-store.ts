import { isRecord, parseJson } from '@grapevine/std'
import { readIfThere, replaceFile } from '@grapevine/std/node'
import type { BookState, Page } from './attempt-book.ts'

/** Where a member keeps what it has spent, so that a restart neither forgets it nor the other members. */
export interface AttemptStore {
  /** `undefined` when nothing was ever written. */
  read(): Promise<Uint8Array | undefined>
  /** In the place of what was there; at most once in a quarter of a second. */
  write(bytes: Uint8Array): Promise<void>
}

/** A file of its own. What a power cut leaves of it is whole, perhaps of a moment before. */
export const attemptFile = (path: string): AttemptStore => ({
  read: () => readIfThere(path),
  write: (bytes) => replaceFile(path, bytes),
})

const maxBytes = 16 * 1024 * 1024
const maxMembers = 10_000
const maxPages = 60_000

export const encodeState = (state: BookState): Uint8Array => Buffer.from(JSON.stringify(state))

/** What was written, if it is whole: each part is held against its bounds. */
export const decodeState = (bytes: Uint8Array): BookState | undefined => {
  if (bytes.length > maxBytes) return undefined
  const value = parseJson(Buffer.from(bytes).toString())
  return isState(value) ? value : undefined
}

const isState = (value: unknown): value is BookState =>
  isRecord(value) &&
  isMembers(value['members']) &&
  isList(value['windows'], 3) &&
  value['windows'].every((window) => isRecord(window) && isWindow(window))

const isWindow = ({ number, members, pages }: Record<string, unknown>): boolean =>
  Number.isSafeInteger(number) && isMembers(members) && isList(pages, maxPages) && pages.every(isPage)

const isPage = (value: unknown): boolean =>
  isList(value, 2) && typeof value[0] === 'string' && value[0].length <= 64 && isCounts(value[1])

const isCounts = (value: unknown): value is Page =>
  isRecord(value) && ['share', 'received', 'lent', 'spent'].every((name) => isCount(value[name]))

const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 1_000_000_000

const isMembers = (value: unknown): boolean =>
  isList(value, maxMembers) && value.every((id) => typeof id === 'string' && id.length <= 128)

const isList = (value: unknown, most: number): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= most
