import { systemClock, type Clock } from '../clock.ts'

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
  readonly node: string
  readonly from: number
  readonly to: number
  readonly outcome: Outcome
  /** What went wrong, in words. */
  readonly problem?: string
}

/** What clients did, in the order in which it ended. */
export interface Recorder<O> {
  readonly entries: readonly Entry<O>[]
  /** Does something and records it: what `act` resolves to is how it went. If it throws, that is `unknown`. */
  record(node: string, act: () => Promise<Attempt<O>>, attempted: O): Promise<Attempt<O>>
}

export interface Attempt<O> {
  readonly operation: O
  readonly outcome: Outcome
  readonly problem?: string
}

export function createRecorder<O>(clock: Clock = systemClock): Recorder<O> {
  const entries: Entry<O>[] = []
  return {
    entries,
    record: async (node, act, attempted) => {
      const from = clock.now()
      const attempt = await orUnknown(act, attempted)
      const { operation, ...ending } = attempt
      entries.push({ ...operation, node, from, to: clock.now(), ...ending })
      return attempt
    },
  }
}

async function orUnknown<O>(act: () => Promise<Attempt<O>>, attempted: O): Promise<Attempt<O>> {
  try {
    return await act()
  } catch (error) {
    return { operation: attempted, outcome: 'unknown', problem: String(error) }
  }
}
