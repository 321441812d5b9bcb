import { decodeFacts, encodeFacts, keyOf, sizeOf, type Fact, type FactSet } from '@grapevine/facts'
import { reasonOf, type Clock, type Log } from '@grapevine/std'
import { breather } from '../../shared/event-loop.ts'
import { limits } from '../../limits.ts'
import type { Storage } from '../../storage/storage.ts'

export interface LoadContext {
  readonly set: FactSet
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  readonly origin: symbol
}

export interface Loaded {
  readonly unsaved: readonly Fact[]
  /** The log holds facts of somebody who is erased, or may: what was damaged and set aside cannot be read. */
  readonly isSpent: boolean
}

/** Facts that are inserted in one transaction. */
const portion = 200

/**
 * Takes in all that the disk holds, with pauses for the event loop.
 *
 * @returns what was in the set before and is not on the disk, and whether the disk holds what is erased
 */
export const loadFacts = async ({ set, storage, clock, log, origin }: LoadContext): Promise<Loaded> => {
  const breathe = breather(clock, limits.turn)
  const before = new Map([...allFacts(set)].map((fact) => [keyOf(fact), fact]))
  let batch: Fact[] = []
  let isSpent = false
  const ignore = set.onChange(({ spent }) => {
    isSpent ||= spent.length > 0
  })
  const flush = async (): Promise<void> => {
    set.insert(batch, origin)
    isSpent ||= batch.some(({ mark, subject }) => mark === '.' && set.isErased(subject))
    if (before.size > 0) for (const fact of batch) before.delete(keyOf(fact))
    batch = []
    await breathe()
  }
  for await (const record of storage.load()) {
    batch.push(...readRecord(record, log))
    if (batch.length >= portion) await flush()
  }
  await flush()
  ignore()
  const { setAside } = storage.status()
  return {
    unsaved: [...before.values()].filter((fact) => set.holds(keyOf(fact))),
    isSpent: isSpent || (setAside > 0 && set.erasures.size > 0),
  }
}

/** A record whose checksum holds and that is no list of facts was never written by this program. */
const readRecord = (record: Uint8Array, log: Log): readonly Fact[] => {
  try {
    return decodeFacts(record)
  } catch (error) {
    log.error(
      { reason: reasonOf(error) },
      'a record of the log holds no facts; members will be asked for what it held',
    )
    return []
  }
}

const allFacts = function* (set: FactSet): Generator<Fact> {
  for (const section of [set.erasures, set.facts])
    for (const key of section.keys()) {
      const fact = set.fact(key)
      if (fact !== undefined) yield fact
    }
}

/** All that the set holds, erasures first, as records. */
export const snapshotOf = async function* (set: FactSet, clock: Clock): AsyncGenerator<Uint8Array> {
  const breathe = breather(clock, limits.turn)
  let [facts, bytes]: [Fact[], number] = [[], 0]
  for (const fact of allFacts(set)) {
    facts.push(fact)
    bytes += sizeOf(fact)
    if (bytes < limits.slice) continue
    yield encodeFacts(facts)
    facts = []
    bytes = 0
    await breathe()
  }
  if (facts.length > 0) yield encodeFacts(facts)
}
