import { replicate, type Bus, type Replica, type Storage, type Synchronous } from '@grapevine/replica'
import * as Y from 'yjs'
import { unavailable } from './unavailable.ts'
import type { DocumentOptions } from './document-options.ts'
import type { Ports } from './ports.ts'

/** A document while the instance runs. */
export interface OpenDocument {
  readonly doc: Y.Doc
  readonly replica: Replica
  /**
   * Changes the document. Resolves with what the change returned when it is on this instance's disk and on every
   * member that can be reached and confirms in time.
   *
   * @throws UnavailableError (a 503) when it is not known whether it will come to exist
   */
  write<T>(change: () => Synchronous<T>): Promise<T>
}

export interface DocumentParts {
  readonly name: string
  readonly bus: Bus
  readonly storage: Storage
  readonly compactAfter: number
  readonly ports: Pick<Ports, 'clock' | 'random' | 'log'>
}

/** @throws TypeError for a document of another copy of yjs, which would be equal and never the same */
export const openDocument = async (
  { doc = new Y.Doc(), policy }: DocumentOptions,
  { name, bus, storage, compactAfter, ports: { clock, random, log } }: DocumentParts,
): Promise<OpenDocument> => {
  if (!(doc instanceof Y.Doc)) {
    throw new TypeError(
      `documents.${name}.doc was made by another copy of yjs; allowed: one copy, see \`npm ls yjs\``,
    )
  }
  const replica = await replicate(doc, bus, {
    name,
    storage,
    compactAfter,
    clock,
    random,
    log,
    ...(policy === undefined ? {} : { policy }),
  })
  return { doc, replica, write: (change) => written(replica, change) }
}

/** In the words of the door. @throws UnavailableError */
export const written = async <T>(
  replica: Pick<Replica, 'write'>,
  change: () => Synchronous<T>,
): Promise<T> => {
  try {
    return (await replica.write<T>(change)).value
  } catch (error) {
    throw unavailable(error)
  }
}
