import type { SessionLedger } from '@grapevine/auth-middleware'
import type { FactsStatus } from '@grapevine/replica'
import type { Fact } from '@grapevine/facts'
import { every } from '@grapevine/std'
import { unavailable, UnavailableError } from '../instance/unavailable.ts'
import { combinedStatus } from './combined-status.ts'
import { endedFactOf, parseEndedFact } from './ended-fact.ts'
import { epochFactOf, epochOf, headsOf, parseEpochFact, type EpochFact } from './epoch-fact.ts'
import { owedRecords } from './owed-records.ts'
import type { OpenPeriod } from './open-period.ts'
import type { Ports } from '../instance/ports.ts'
import type { Periods } from './periods.ts'
import type { ToldFloor } from './floor-exchange.ts'

/** Ended sessions, known on every member, and forgotten when they can no longer matter. */
export interface EndedSessions extends Required<SessionLedger> {
  /** The periods whose records are kept now, oldest first; with a time, those that begin before it. */
  openPeriods(until?: number): readonly OpenPeriod[]
  /** How many records are kept of a user. */
  recordsOf(userId: string): number
  /** Of all open periods together. */
  status(): FactsStatus
  /** Opens the periods that matter now and drops those that no longer do. */
  roll(): Promise<void>
  /** What this member tells others of its records. */
  told(): ToldFloor
  /** Ends all sessions of everybody: their records may be gone. Resolves when it is recorded; rejects as `end` does. */
  bumpEpoch(): Promise<void>
  close(): Promise<void>
}

export interface EndedSessionsParts extends Pick<Ports, 'now' | 'clock' | 'randomBytes'> {
  readonly periods: Periods
  readonly open: (period: number) => Promise<OpenPeriod>
  /** Makes room on the disk, so that it tells where its records begin. */
  readonly reserve: (period: number) => Promise<void>
  /** The periods that the disk had at the start, the oldest first. */
  readonly kept: readonly number[]
  /** Whether `now` was compared with the clocks of others; until then nothing is dropped that the disk has. */
  readonly isTimeSettled: () => boolean
  /** What other members tell of theirs. */
  readonly askOthers: () => Promise<readonly ToldFloor[]>
  /** Told when a period could not be opened or dropped; the next `roll` tries again. */
  readonly onError: (error: unknown) => void
}

/** How often it is looked whether a period is over, in ms; and until it is known what time it is. */
const rollEvery = 60_000
const settleEvery = 1_000
/** A clock that says that more than a year has passed since the last record is not followed further. */
const mostAhead = 53

export const endedSessions = async (parts: EndedSessionsParts): Promise<EndedSessions> => {
  const { periods, open, reserve, kept, now, isTimeSettled, askOthers, clock, randomBytes, onError } = parts
  const opened = new Map<number, OpenPeriod>()
  const owed = owedRecords()
  let [oldest = 0] = kept
  const latestTime = kept.length === 0 ? Infinity : periods.floorOf((kept.at(-1) ?? 0) + mostAhead + 1)
  let live: readonly number[] = []
  let wasReady = false
  let isSettled = false
  let lastEpoch: string | undefined

  const heads = (): readonly string[] => headsOf([...opened.values(), owed].flatMap(({ epochs }) => epochs))
  const epoch = (): string | undefined => epochOf(heads())
  const headFacts = (): readonly EpochFact[] => {
    const all = new Map(
      [...opened.values(), owed].flatMap(({ epochs }) => epochs.map((fact) => [fact.salt, fact])),
    )
    return heads().flatMap((salt) => all.get(salt) ?? [])
  }

  /** Of this time; without a settled one those of the disk, so that a wrong clock drops nothing. */
  const wanted = (floor: number): readonly number[] => {
    if (isSettled || floor === 0) return periods.live(Math.min(now(), latestTime), floor)
    return [...new Set([floor, floor + 1, ...kept, ...opened.keys()])].filter((period) => period >= floor)
  }

  const turn = async (): Promise<void> => {
    // Not at the first: what the disk has is looked through before anything of it goes.
    isSettled ||= opened.size > 0 && isTimeSettled()
    // What was issued in another epoch is refused in any case, so that the floor may begin anew.
    if (isSettled && epoch() !== lastEpoch) oldest = 0
    if (isSettled) lastEpoch = epoch()
    const others = await askOthers()
    // A floor of another epoch is about sessions that are refused in any case.
    const floors = others.filter((each) => each.epoch === epoch()).map((each) => each.oldest)
    const floor = Math.max(oldest, ...floors)
    live = wanted(floor)
    const [first = floor] = live
    const last = live.at(-1) ?? first
    // Also those of a time that has not come: no other member looks there.
    const over = [...opened].filter(([period]) => period < first || (isSettled && period > last))
    if (over.length > 0 && !opened.has(first)) await reserve(first)
    // From here on what was issued in them is refused, and then their records may go.
    if (isSettled || floor > 0) oldest = first
    for (const [, { set }] of over) owed.add(stillNeeded(set, (until) => periods.of(until) >= first))
    // Where a period stays it has them before the others go, so that a crash in between loses nothing.
    await carryOwed()
    // First dropped, then opened: the new one may take the place of the old.
    for (const [period, { drop }] of over) {
      opened.delete(period)
      await drop()
    }
    for (const period of live) if (!opened.has(period)) opened.set(period, await open(period))
    await carryOwed()
    await spreadEpochs(last, others)
  }

  let turning = Promise.resolve()
  const roll = (): Promise<void> => {
    const turned = turning.then(turn)
    turning = turned.catch(() => undefined)
    return turned
  }

  /** Where the end of a session is recorded that is over then: in its period, or the nearest that all have open. */
  const placeOf = (until: number): OpenPeriod | undefined => {
    const [first = 0] = live
    return opened.get(Math.min(Math.max(periods.of(until), first), live.at(-1) ?? first))
  }

  /** While one period makes room for the next it is waited for: else an end would be said to be recorded, and be nowhere. */
  const openPlaceOf = async (until: number): Promise<OpenPeriod> => {
    if (placeOf(until) === undefined) await turning
    const place = placeOf(until)
    if (place === undefined)
      throw new UnavailableError('This could not be recorded now. Try again in a moment.')
    return place
  }

  /** The same facts, so that all members carry the same. What has no place yet, or cannot be written, is owed on. */
  const carryOwed = async (): Promise<void> => {
    const byPlace = new Map<OpenPeriod, Fact[]>()
    const staying = live.flatMap((period) => opened.get(period) ?? [])
    for (const fact of owed.all()) {
      const place = placeOf(untilOf(fact) ?? Infinity) ?? staying.at(-1)
      if (place !== undefined) byPlace.set(place, [...(byPlace.get(place) ?? []), fact])
    }
    for (const [place, of] of byPlace) {
      await place.replica.write(() => place.set.insert(of))
      owed.settle(of)
    }
  }

  /** The newest has them all, before the others go. */
  const spreadEpochs = async (last: number, others: readonly ToldFloor[]): Promise<void> => {
    const newest = opened.get(last)
    const known = new Set(newest?.epochs.map(({ salt }) => salt))
    const all = [...opened.values(), ...others].flatMap(({ epochs }) => epochs)
    const missing = all.filter(({ salt }) => !known.has(salt)).map(epochFactOf)
    if (missing.length > 0) await newest?.replica.write(() => newest.set.insert(missing))
  }

  await roll()
  lastEpoch = epoch()
  if (isTimeSettled()) await roll()
  let rolledAt = clock.now()
  const endRolling = every(clock, settleEvery, () => {
    const isDue = !isSettled || clock.now() - rolledAt >= rollEvery || epoch() !== lastEpoch
    if (!isDue) return
    rolledAt = clock.now()
    void roll().catch(onError)
  })

  return {
    isEnded: (id) => {
      for (const { ids } of opened.values()) if (ids.has(id)) return true
      return owed.isEnded(id)
    },
    floor: () => periods.floorOf(oldest),
    epoch,
    end: async (session, { userId = nobody, validUntil, signal }) => {
      const until = Math.ceil(validUntil)
      try {
        const place = await openPlaceOf(until)
        if (place.ids.has(session)) return
        const fact = endedFactOf(userId, { session, until }, randomBytes(16).toString('base64url'))
        await place.replica.write(() => place.set.insert([fact]), { signal })
      } catch (error) {
        throw unavailable(error)
      }
    },
    recordsOf: (userId) => [...opened.values()].reduce((sum, { set }) => sum + set.of(userId).length, 0),
    openPeriods: (until = Infinity) =>
      [...opened]
        .filter(([period]) => until === Infinity || period <= periods.of(until))
        .toSorted(([one], [other]) => one - other)
        .map(([, period]) => period),
    status: () => {
      const status = combinedStatus([...opened.values()].map(({ replica }) => replica.status()))
      // A period that opens later is empty everywhere; this node is no less ready for it.
      wasReady ||= status.ready
      return { ...status, ready: wasReady }
    },
    roll,
    told: () => ({ epoch: epoch(), epochs: headFacts(), oldest }),
    bumpEpoch: async () => {
      const fact = epochFactOf({ salt: randomBytes(16).toString('base64url'), after: heads() })
      try {
        const newest = await openPlaceOf(Infinity)
        await newest.replica.write(() => newest.set.insert([fact]))
      } catch (error) {
        throw unavailable(error)
      }
      await roll()
    },
    close: async () => {
      endRolling()
      await turning
      for (const { close } of opened.values()) await close()
      opened.clear()
    },
  }
}

/** Whose a session is that the door does not say. */
const nobody = 'nobody'

const untilOf = (fact: Fact): number | undefined =>
  fact.mark === '.' ? parseEndedFact(fact.text)?.until : undefined

/** What a period has of sessions that no floor refuses, and of all that ends whole epochs. */
const stillNeeded = (set: OpenPeriod['set'], mayLive: (until: number) => boolean): Fact[] =>
  [...set.facts.keys()].flatMap((key): Fact[] => {
    const fact = set.fact(key)
    if (fact?.mark !== '.') return []
    const until = untilOf(fact)
    const isNeeded = until === undefined ? parseEpochFact(fact.text) !== undefined : mayLive(until)
    return isNeeded ? [fact] : []
  })
