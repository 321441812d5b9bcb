import { createUserCache, type UserCache } from '@grapevine/user-cache'
import { openSessions } from '../ended-sessions/open-sessions.ts'
import {
  ownTopics,
  type DocumentOptions,
  type DocumentsOf,
  type FactsOf,
  type FactsOptions,
} from './document-options.ts'
import { openDocument, type OpenDocument } from './documents.ts'
import { openFacts, type OpenFacts } from './facts.ts'
import type { Bus, FactsReplica, FactsStatus, ReplicaStatus, Storage } from '@grapevine/replica'
import type { EndedSessions } from '../ended-sessions/ended-sessions.ts'
import type { FactSet } from '@grapevine/facts'
import type { Closer } from './closer.ts'
import type { Disk } from './disk.ts'
import type { Ports } from './ports.ts'

export type Storages = ReadonlyMap<string, Storage>

/** Of the users and of the app's documents; a period of ended sessions opens its own. */
export const openStorages = async (
  documents: readonly string[],
  disk: Disk,
  closing: Closer,
): Promise<Storages> => {
  await disk.prepare()
  const storages = new Map<string, Storage>()
  for (const name of [ownTopics.users, ...documents]) {
    const storage = await disk.open(name)
    closing.add('disk', () => storage.close())
    storages.set(name, storage)
  }
  return storages
}

export interface ContentParts<Name extends string, Facts extends string> {
  readonly membership: Bus
  readonly storages: Storages
  readonly documents: DocumentsOf<Name>
  readonly facts: FactsOf<Facts>
  readonly compactAfter: number
  readonly ports: Ports
  /** Whether `ports.now` was compared with the clocks of others. */
  readonly isTimeSettled: () => boolean
  readonly closing: Closer
}

/** Whatever is replicated, as far as it says how it is. */
export interface Replicated {
  status(): ReplicaStatus | FactsStatus
}

/** What an instance holds. */
export interface Content<Name extends string, Facts extends string> {
  readonly users: UserCache
  readonly userFacts: FactSet
  readonly userReplica: FactsReplica
  readonly sessions: EndedSessions
  readonly documents: Readonly<Record<Name, OpenDocument>>
  readonly facts: Readonly<Record<Facts, OpenFacts>>
  readonly replicas: Readonly<Record<string, Replicated>>
}

export const openContent = async <Name extends string, Facts extends string>(
  parts: ContentParts<Name, Facts>,
): Promise<Content<Name, Facts>> => {
  const { membership, ports, isTimeSettled, closing } = parts
  const ofUsers = await factsOpener(parts, undefined)(ownTopics.users, undefined)
  const { set: userFacts, replica: userReplica } = ofUsers
  // After the disk is loaded: whom it holds is read in one go.
  const users = createUserCache({
    facts: userFacts,
    nodeId: membership.self.id,
    now: ports.now,
    randomBytes: ports.randomBytes,
    onUnread: (reason, key) =>
      ports.log.warn(
        { reason, key },
        'facts about users are held and not read: written by a later version, or by a member that lies',
      ),
    onListenerError: (error) => ports.log.error({ err: error }, 'a listener of the users threw'),
  })
  const sessions = await openSessions({ bus: membership, ports, isTimeSettled, erasuresOf: userFacts })
  closing.add('replica', sessions.close)
  const open = opener(parts)
  const documents = await eachOf(parts.documents, (name, options) => open(name, options ?? {}))
  const facts = await eachOf(parts.facts, factsOpener(parts, userFacts))
  const replicas = Object.fromEntries(
    Object.entries<OpenDocument | OpenFacts>({ ...documents, ...facts }).map(([name, { replica }]) => [
      name,
      replica,
    ]),
  )
  return {
    users,
    userFacts,
    userReplica,
    sessions,
    documents,
    facts,
    replicas: { users: userReplica, sessions, ...replicas },
  }
}

type Open = (name: string, options: DocumentOptions) => Promise<OpenDocument>

const factsOpener =
  (
    { membership: bus, storages, compactAfter, ports, closing }: ContentParts<string, string>,
    users: FactSet | undefined,
  ) =>
  async (name: string, options: FactsOptions | undefined): Promise<OpenFacts> => {
    const storage = storageOf(storages, name)
    const erasuresOf = options?.keptByUser === true ? users : undefined
    const facts = await openFacts({ name, bus, storage, compactAfter, ports, erasuresOf })
    closing.add('replica', () => facts.replica.close())
    return facts
  }

const storageOf = (storages: Storages, name: string): Storage => {
  const storage = storages.get(name)
  if (storage === undefined) throw new TypeError(`there is no storage for ${name}`)
  return storage
}

const opener =
  ({ membership: bus, storages, compactAfter, ports, closing }: ContentParts<string, string>): Open =>
  async (name, options) => {
    const storage = storageOf(storages, name)
    const document = await openDocument(options, { name, bus, storage, compactAfter, ports })
    closing.add('replica', () => document.replica.close())
    return document
  }

/** One after the other, so that a start that fails has opened nothing later. */
const eachOf = async <Name extends string, Options, Opened>(
  declared: Readonly<Partial<Record<Name, Options>>>,
  open: (name: Name, options: Options | undefined) => Promise<Opened>,
): Promise<Record<Name, Opened>> => {
  const opened: Partial<Record<Name, Opened>> = {}
  for (const name in declared) opened[name] = await open(name, declared[name])
  if (!isWhole(opened, Object.keys(declared))) throw new TypeError('a document was not opened')
  return opened
}

const isWhole = <Name extends string, T>(
  part: Partial<Record<Name, T>>,
  names: readonly string[],
): part is Record<Name, T> => names.every((name) => name in part)
