import { BoundedMap } from '@grapevine/std'

/** A browser in which somebody has logged in to an account, as its owner sees it in a list. */
export interface DeviceRecord {
  /** 132 bits, of the account and the browser together. Knowing it opens nothing; a session ledger can end it. */
  readonly id: string
  readonly userId: string
  /** The account's `sessionEpoch` then: under another one the device is logged out. */
  readonly epoch: string
  /** Milliseconds since 1970, by the clock of the node that was asked. */
  readonly since: number
  /** An IPv4 address, an IPv6 /64, or `unknown`. */
  readonly addressGroup: string
  /** In a few words, such as `Firefox on Linux`; what the browser says of itself. */
  readonly browser: string
}

/**
 * Where people have logged in. Kept by user: who is erased takes it along. An app of several nodes plugs in a replicated one.
 * It need not know all: what could not be recorded, or had no room, is only missing in the list.
 */
export interface DeviceDirectory {
  /**
   * Resolves when recorded. Told at every log-in, also of what it told itself: it may drop records once no session of that log-in
   * can live any more. Rejects like a session ledger's `end`.
   */
  add(record: DeviceRecord, options: { readonly signal: AbortSignal }): Promise<void>
  /** Those of a user, in any order. Synchronous. */
  of(userId: string): readonly DeviceRecord[]
}

const perUser = 100
const maxUsers = 100_000

/** A directory for one process: it forgets with the process, and the oldest of more than 100 devices of one account. */
export const memoryDevices = (): DeviceDirectory => {
  const byUser = new BoundedMap<string, BoundedMap<string, DeviceRecord>>(maxUsers)
  return {
    async add(record, { signal }) {
      signal.throwIfAborted()
      const devices = byUser.get(record.userId) ?? new BoundedMap<string, DeviceRecord>(perUser)
      devices.set(record.id, record)
      byUser.set(record.userId, devices)
    },
    of: (userId) => [...(byUser.get(userId)?.values() ?? [])],
  }
}
