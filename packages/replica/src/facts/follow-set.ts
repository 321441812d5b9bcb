import { erasureOf, subjectOf, upkeepOrigin, type Change, type FactSet } from '@grapevine/facts'
import type { Signal } from '../shared/events.ts'
import type { FactsContext } from './exchange/context.ts'
import type { FactJournal } from './persistence/journal.ts'
import type { Saver } from './persistence/saver.ts'
import type { Delivery } from './writing/delivery.ts'

export const storageOrigin: symbol = Symbol('storage')
export const remoteOrigin: symbol = Symbol('remote')
const derivedOrigin = Symbol('derived')
const notOwn: readonly unknown[] = [storageOrigin, remoteOrigin, derivedOrigin, upkeepOrigin]
const isOwn = (origin: unknown): boolean => !notOwn.includes(origin)

export interface FollowContext extends Pick<FactsContext, 'set' | 'spentIds'> {
  readonly journal: FactJournal
  readonly saver: Saver
  readonly delivery: Delivery
  readonly changes: Signal
}

/** Puts on disk what the set takes in, and tells others of what was written here. @returns how to stop */
export const followSet = (context: FollowContext): (() => void) => {
  const { set, spentIds, journal, saver, delivery, changes } = context
  return set.onChange(({ origin, added, spent }: Change) => {
    spentIds.add(spent)
    if (origin !== storageOrigin) saver.save(added)
    if (spent.length > 0) journal.purged(spent)
    if (isOwn(origin)) delivery.add(added)
    changes.fire()
  })
}

/**
 * Whoever is erased there is erased here; each member does it by itself, so it is told to nobody.
 *
 * @returns how to stop
 */
export const copyErasures = (from: FactSet, to: FactSet): (() => void) => {
  const copy = (subjects: readonly string[]): void => void to.insert(subjects.map(erasureOf), derivedOrigin)
  copy([...from.erasures.keys()].map(subjectOf))
  return from.onChange(({ erased }) => {
    if (erased.length > 0) copy(erased)
  })
}
