import { systemClock, type Clock } from '@grapevine/std'

/**
 * How an operation ended: `ok`, the answer said it was done; `failed`, it is known not to have been done; `unknown`, it
 * may or may not have been done, as when the connection broke before the answer.
 */
export type Outcome = 'ok' | 'failed' | 'unknown'

/** What was asked of a set. A read holds what it saw. */
export type SetOperation =
  | { readonly kind: 'add'; readonly element: string }
  | { readonly kind: 'read'; readonly elements: readonly string[] }

/** What was asked of a register, one of several by `key`. A read holds what it saw; nothing if nothing was there. */
export type RegisterOperation =
  | { readonly kind: 'write'; readonly key: string; readonly value: string }
  | { readonly kind: 'read'; readonly key: string; readonly value: string | undefined }

/** One operation as it went. Times are milliseconds of one clock. */
export type Entry<O> = O & {
  /** Who was asked. */
  readonly node: string
  /** When it was begun. */
  readonly from: number
  /** When it ended; `Infinity` as long as it is pending. */
  readonly to: number
  /** `unknown` as long as it is pending. */
  readonly outcome: Outcome
  /** What went wrong, in words. */
  readonly problem?: string
}

/** What clients did, in the order in which it began. */
export interface Recorder<O> {
  /** With what is pending: others may see its effect before it has ended. */
  readonly entries: readonly Entry<O>[]
  /**
   * Does something and records it, `attempted` from its beginning on. What `act` resolves to takes its place: how it
   * went, and what it saw. If `act` throws, the outcome is `unknown`, and `record` does not throw.
   */
  record(node: string, act: () => Promise<Attempt<O>>, attempted: O): Promise<Attempt<O>>
}

/** How something went. */
export interface Attempt<O> {
  /** What was done; of a read, with what it saw. */
  readonly operation: O
  readonly outcome: Outcome
  /** What went wrong, in words. */
  readonly problem?: string
}

export const createRecorder = <O>(clock: Pick<Clock, 'now'> = systemClock): Recorder<O> => {
  const entries: Entry<O>[] = []
  return {
    entries,
    record: async (node, act, attempted) => {
      const from = clock.now()
      const place = entries.length
      entries.push({
        ...attempted,
        node,
        from,
        to: Infinity,
        outcome: 'unknown',
        problem: 'it has not ended',
      })
      const attempt = await orUnknown(act, attempted)
      const { operation, ...ending } = attempt
      entries[place] = { ...operation, node, from, to: clock.now(), ...ending }
      return attempt
    },
  }
}

const orUnknown = async <O>(act: () => Promise<Attempt<O>>, attempted: O): Promise<Attempt<O>> => {
  try {
    return await act()
  } catch (error) {
    return { operation: attempted, outcome: 'unknown', problem: String(error) }
  }
}
