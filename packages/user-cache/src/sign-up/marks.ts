import { isRecord, parseJson, serialQueue, type Log } from '@grapevine/std'
import { isKey } from './message.ts'

/** A claim that this node has written, or is about to, and has not answered. */
export interface Mark {
  readonly key: string
  /** It makes an account; else it renames one. */
  readonly isNew: boolean
}

/** Where a node keeps its marks. */
export interface MarkStore {
  /** `undefined` when nothing was ever written. */
  read(): Promise<Uint8Array | undefined>
  /** In the place of what was there; resolves when it would survive a power cut. */
  write(bytes: Uint8Array): Promise<void>
}

/** The marks of a node, in memory and on its disk. */
export interface Marks {
  readonly all: () => readonly Mark[]
  /** Resolves when it is on the disk. */
  add(mark: Mark): Promise<void>
  /** Resolves when it is off the disk. */
  remove(key: string): Promise<void>
}

/** @throws what the store throws when it is read */
export const openMarks = async (store: MarkStore | undefined, log: Log): Promise<Marks> => {
  const marks = new Map((await restored(store, log)).map((mark) => [mark.key, mark]))
  const inTurn = serialQueue()
  let next: Promise<void> | undefined
  /** Whoever comes while a write is under way shares the next one. */
  const keep = (): Promise<void> => {
    next ??= inTurn(async () => {
      next = undefined
      await store?.write(Buffer.from(JSON.stringify({ version: 1, unanswered: [...marks.values()] })))
    })
    return next
  }
  return {
    all: () => [...marks.values()],
    add: async ({ key, isNew }) => {
      marks.set(key, { key, isNew })
      try {
        await keep()
      } catch (error) {
        marks.delete(key)
        throw error
      }
    },
    remove: (key) => {
      marks.delete(key)
      return keep()
    },
  }
}

const restored = async (store: MarkStore | undefined, log: Log): Promise<readonly Mark[]> => {
  const bytes = await store?.read()
  if (bytes === undefined) return []
  const marks = parse(bytes)
  if (marks === undefined)
    log.error({}, 'the file of unanswered sign-ups is damaged; names of such stay taken')
  return marks ?? []
}

const parse = (bytes: Uint8Array): readonly Mark[] | undefined => {
  const value = parseJson(Buffer.from(bytes).toString())
  const unanswered = isRecord(value) ? value['unanswered'] : undefined
  return Array.isArray(unanswered) && unanswered.every(isMark) ? unanswered : undefined
}

const isMark = (value: unknown): value is Mark =>
  isRecord(value) && isKey(value['key']) && typeof value['isNew'] === 'boolean'
