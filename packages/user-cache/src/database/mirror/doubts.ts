/** Rows that have to be looked at again: another member should have written them, or somebody changed them by hand. */
import {
  InvalidPasswordHashError,
  InvalidUsernameError,
  TooManyChangesError,
  UsernameTakenError,
} from '../../errors.ts'
import type { ExternalAccount } from '../../commands/adoption.ts'
import type { MirrorOptions, MirrorTimings } from './config.ts'
import type { Rows } from './rows.ts'
import type { Schedule } from './schedule.ts'

export interface DoubtParts extends Pick<MirrorOptions, 'database' | 'clock' | 'speaksForAll' | 'onEvent'> {
  readonly rows: Rows
  readonly timings: MirrorTimings
  readonly schedule: Schedule
}

type Ask = <T>(question: (signal: AbortSignal) => Promise<T>) => Promise<T>

interface Acts {
  /** The row is to be written. */
  readonly behind: (id: string) => void
  readonly write: MirrorOptions['write']
}

export interface Doubts {
  /** Rows that say what nobody here has heard. */
  readonly size: number
  /** Another member changed the account, and writes its row. */
  verify(id: string): void
  /** The row says what nobody here has heard. */
  add(id: string, row: ExternalAccount): void
  review(ask: Ask, acts: Acts): Promise<void>
}

/** Where more are to be looked at, the whole table is. */
const most = 10_000
const atOnce = 500

interface Doubt {
  readonly row: string
  readonly since: number
  readonly isTold: boolean
}

export const createDoubts = (parts: DoubtParts): Doubts => {
  const { database, clock, rows, timings, schedule, onEvent } = parts
  const toVerify = new Map<string, number>()
  const doubts = new Map<string, Doubt>()

  const add = (id: string, row: ExternalAccount): void => {
    const text = JSON.stringify(row)
    if (doubts.get(id)?.row !== text) doubts.set(id, { row: text, since: clock.now(), isTold: false })
    schedule.lookIn(timings.doubtFor)
  }

  const dueIds = (): readonly string[] => {
    const now = clock.now()
    const verified = [...toVerify].filter(([, at]) => at <= now).map(([id]) => id)
    const doubted = [...doubts].filter(([, { since }]) => since + timings.doubtFor <= now).map(([id]) => id)
    return [...new Set([...verified, ...doubted])].slice(0, atOnce)
  }

  /** It is still there after a while, so no member is about to tell of it. */
  const settle = async (id: string, row: ExternalAccount, { behind, write }: Acts): Promise<void> => {
    const doubt = doubts.get(id)
    const isSame = doubt?.row === JSON.stringify(row)
    if (!isSame || doubt.since + timings.doubtFor > clock.now()) return add(id, row)
    // Looked at again later: who speaks for all may have taken it in by then, and this member may speak for all.
    if (!parts.speaksForAll()) return void doubts.set(id, { ...doubt, since: clock.now() })
    let taken: readonly string[] = []
    try {
      await write(() => void (taken = rows.takeIn(id, row)))
      doubts.delete(id)
      behind(id)
      onEvent({ type: 'taken-in', id, what: taken.join(', ') })
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (!doubt.isTold) onEvent({ type: 'differs', id, error })
      doubts.set(id, { ...doubt, since: clock.now(), isTold: true })
      schedule.lookIn(timings.doubtFor)
    }
  }

  return {
    get size() {
      return doubts.size
    },
    add,
    verify: (id) => {
      toVerify.set(id, clock.now() + timings.verifyAfter)
      if (toVerify.size > most) {
        toVerify.clear()
        schedule.checkIn(timings.verifyAfter)
      }
      schedule.lookIn(timings.verifyAfter)
    },
    review: async (ask, acts) => {
      for (let ids = dueIds(); ids.length > 0; ids = dueIds()) {
        const found = await ask((signal) => database.read(ids.map(rows.rowIdOf), { signal }))
        const rowOf = new Map(found.map((row) => [rows.meet(row), row]))
        for (const id of ids) {
          toVerify.delete(id)
          const row = rowOf.get(id)
          const verdict = row === undefined ? missing(rows, id) : rows.judge(id, row)
          if (verdict !== 'ahead') doubts.delete(id)
          if (verdict === 'behind') acts.behind(id)
          if (verdict === 'ahead' && row !== undefined) await settle(id, row, acts)
        }
      }
      const next = Math.min(
        ...toVerify.values(),
        ...[...doubts.values()].map(({ since }) => since + timings.doubtFor),
      )
      if (next < Number.POSITIVE_INFINITY) schedule.lookIn(Math.max(0, next - clock.now()))
    },
  }
}

const missing = (rows: Rows, id: string): 'same' | 'behind' => (rows.isLive(id) ? 'behind' : 'same')

const isRefusal = (error: unknown): boolean =>
  [InvalidPasswordHashError, InvalidUsernameError, TooManyChangesError, UsernameTakenError].some(
    (kind) => error instanceof kind,
  )
