/**
 * A database that the app has already, kept as the accounts are, and asked for those that are there. What is written is
 * always the account as it is by then, so that a row may be written twice, late, or by two members: in the end it says
 * what the merged facts say.
 */
import { BoundedSet, deadline, sleep } from '@grapevine/std'
import { checkAll } from './check.ts'
import { defaultTimings, type MirrorOptions } from './config.ts'
import { createDoubts } from './doubts.ts'
import { followAccounts } from './follow.ts'
import { openPending } from './pending.ts'
import { createRows, isAboutTheRow } from './rows.ts'
import { createSchedule } from './schedule.ts'
import { writeThrough, type SignUp } from '../write-through.ts'

export interface MirrorStatus {
  readonly state: 'loading' | 'up' | 'down'
  /** Since it was started, all that is in the database was taken in once. */
  readonly isLoaded: boolean
  /** Accounts whose rows are still to be written. */
  readonly pending: number
  /** Accounts that the database does not take as they are. */
  readonly refused: number
  /** Rows that say what nobody here has heard. */
  readonly differing: number
}

export interface DatabaseMirror extends SignUp {
  status(): MirrorStatus
  /** Looks at the whole table soon. */
  check(): void
  stop(): Promise<void>
}

/** Starts at once, and goes on whatever happens to the database. */
export const mirrorDatabase = async (options: MirrorOptions): Promise<DatabaseMirror> => {
  const { users, facts, database, clock, onEvent } = options
  const timings = { ...defaultTimings, ...options.timings }
  const stopping = new AbortController()
  const rows = createRows(options)
  const pending = await openPending({
    store: options.store,
    most: options.mostPending ?? 100_000,
    onError: (error) => onEvent({ type: 'unkept', error }),
  })
  const schedule = createSchedule(clock)
  const wrote = new BoundedSet<string>(10_000)
  const refused = new Set<string>()
  const doubts = createDoubts({ ...options, rows, timings, schedule })
  let state: MirrorStatus['state'] = 'loading'
  let isLoaded = false

  /** One question to the database, answered in time. */
  const ask = async <T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const { signal, end } = deadline(clock, timings.patience)
    try {
      return await question(AbortSignal.any([signal, stopping.signal]))
    } finally {
      end()
    }
  }

  const follower = followAccounts({
    facts,
    own: (id) => {
      const wasOverflown = pending.isOverflown
      pending.add(id)
      if (pending.isOverflown && !wasOverflown) onEvent({ type: 'overflow' })
      schedule.wake()
    },
    others: (id) => {
      if (options.speaksForAll() || wrote.has(id)) doubts.verify(id)
    },
  })

  const write: MirrorOptions['write'] = (change) => options.write(() => follower.silently(change))
  const signUp = writeThrough(users, database, { ...options, write })

  const flush = async (): Promise<void> => {
    for (let next = pending.first(); next !== undefined; next = pending.first()) {
      const { id, count } = next
      if (rows.isUnmet(id)) {
        await check()
        if (rows.isUnmet(id)) rows.giveUp(id)
      }
      try {
        await ask((signal) => rows.save(id, signal))
        refused.delete(id)
      } catch (error) {
        if (!isAboutTheRow(error)) throw error
        if (!refused.has(id)) onEvent({ type: 'refused', id, error })
        refused.add(id)
      }
      wrote.add(id)
      pending.done(id, count)
    }
  }

  const check = async (): Promise<void> => {
    schedule.checkIn(timings.checkEvery)
    await checkAll(
      {
        ...options,
        rows,
        adopt: async (accounts, take) => void (await write(() => accounts.forEach(take))),
        behind: pending.add,
        ahead: doubts.add,
      },
      stopping.signal,
    )
    pending.endOverflow()
    isLoaded = true
  }

  const turn = async (): Promise<void> => {
    // Before the first look at all rows it is not known under which id an account stands there: it would get a second row.
    if (isLoaded) await flush()
    if (schedule.isCheckDue()) {
      if (!isLoaded || pending.isOverflown || options.speaksForAll()) await check()
      else schedule.checkIn(timings.checkEvery)
    }
    await doubts.review(ask, { behind: pending.add, write })
    await flush()
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        await turn()
        if (state !== 'up') onEvent({ type: 'up', pending: pending.size })
        state = 'up'
        failures = 0
        await schedule.next(stopping.signal)
      } catch (error) {
        if (stopping.signal.aborted) return
        if (state !== 'down') onEvent({ type: 'down', error, pending: pending.size })
        state = 'down'
        // It may come back as it was yesterday.
        schedule.checkIn(0)
        failures += 1
        await sleep(
          clock,
          Math.min(timings.retryWithin, 500 * 2 ** Math.min(failures, 10)),
          stopping.signal,
        ).catch(() => undefined)
      }
    }
  }
  const running = run()

  return {
    register: async (input, { signal } = {}) =>
      ask((inTime) =>
        signUp.register(input, { signal: signal === undefined ? inTime : AbortSignal.any([inTime, signal]) }),
      ),
    status: () => ({
      state,
      isLoaded,
      pending: pending.size,
      refused: refused.size,
      differing: doubts.size,
    }),
    check: () => {
      schedule.checkIn(0)
      schedule.wake()
    },
    stop: async () => {
      follower.stop()
      stopping.abort(new Error('the mirror of the database was stopped'))
      await running
      await pending.settled()
    },
  }
}
