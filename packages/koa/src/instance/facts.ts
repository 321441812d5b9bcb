import { createFactSet, type FactSet } from '@grapevine/facts'
import { replicateFacts, type FactsReplica, type Synchronous } from '@grapevine/replica'
import * as Y from 'yjs'
import { written, type DocumentParts } from './documents.ts'

/** A set of facts while the instance runs. */
export interface OpenFacts {
  readonly set: FactSet
  readonly replica: FactsReplica
  /**
   * Runs the change, which inserts facts. Resolves with what it returned when they are on this instance's disk and held by
   * every member that can be reached and confirms in time.
   *
   * @throws InvalidFactError; UnavailableError (a 503) when it is not known whether they will come to exist
   */
  write<T>(change: () => Synchronous<T>): Promise<T>
}

export interface FactsParts extends DocumentParts {
  /** Whoever is erased there is erased here. */
  readonly erasuresOf: FactSet | undefined
}

export const openFacts = async (parts: FactsParts): Promise<OpenFacts> => {
  const { name, bus, storage, compactAfter, erasuresOf, ports } = parts
  const { clock, random, log } = ports
  const later = (work: () => void): void => void clock.after(0, work)
  const set = createFactSet({ doc: new Y.Doc(), root: name, later })
  const replica = await replicateFacts(set, bus, {
    name,
    storage,
    compactAfter,
    clock,
    random,
    log,
    ...(erasuresOf === undefined ? {} : { erasuresOf }),
  })
  return { set, replica, write: (change) => written(replica, change) }
}
