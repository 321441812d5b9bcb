import { any, varString, varUint, type Bytes, type Value } from './bytes.ts'

/** One struct of an update in V1 encoding, without neighbours: Yjs takes its place from root and key. */
export type Struct = Bytes

interface Place {
  readonly root: string
  /** None: a place in a list or a text. */
  readonly key?: string
}

const [text, type, anything] = [4, 7, 8]
const hasKey = 0x20

const item = (content: number, { root, key }: Place, payload: Bytes): Struct => [
  content | (key === undefined ? 0 : hasKey),
  ...varUint(1),
  ...varString(root),
  ...(key === undefined ? [] : varString(key)),
  ...payload,
]

export const valueItem = (place: Place, value: Value): Struct =>
  item(anything, place, [...varUint(1), ...any(value)])
export const textItem = (place: Place, letters: string): Struct => item(text, place, varString(letters))
/** @param ref - 0: an array, 1: a map, 2: a text */
export const typeItem = (place: Place, ref: number): Struct => item(type, place, varUint(ref))
/** Content that was collected, of any length. */
export const collected = (length: number): Struct => [0, ...varUint(length)]

/** What a client wrote from a clock on. */
export interface Authored {
  readonly client: number
  readonly clock?: number
  readonly structs: readonly Struct[]
}

export const structsUpdate = (...authors: readonly Authored[]): Uint8Array =>
  Uint8Array.from([
    ...varUint(authors.length),
    ...authors.flatMap(({ client, clock = 0, structs }) => [
      ...varUint(structs.length),
      ...varUint(client),
      ...varUint(clock),
      ...structs.flat(),
    ]),
    ...varUint(0),
  ])

/** Nothing but deletions: of each client, so many from the first on. */
export const deletesUpdate = (ends: ReadonlyMap<number, number>): Uint8Array =>
  Uint8Array.from([
    ...varUint(0),
    ...varUint(ends.size),
    ...[...ends].flatMap(([client, end]) => [
      ...varUint(client),
      ...varUint(1),
      ...varUint(0),
      ...varUint(end),
    ]),
  ])
