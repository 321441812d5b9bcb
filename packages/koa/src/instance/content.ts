import { createUserCache, type UserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { openSessions } from '../sessions/open-sessions.ts'
import { ownTopics, type DocumentOptions, type DocumentsOf } from './document-options.ts'
import { openDocument, type OpenDocument } from './documents.ts'
import type { Bus, Replica, Storage } from '@grapevine/replica'
import type { EndedSessions } from '../sessions/ended-sessions.ts'
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

export interface ContentParts<Name extends string> {
  readonly membership: Bus
  readonly storages: Storages
  readonly documents: DocumentsOf<Name>
  readonly compactAfter: number
  readonly ports: Ports
  readonly closing: Closer
}

/** What an instance holds. */
export interface Content<Name extends string> {
  readonly users: UserCache
  readonly userReplica: Replica
  readonly sessions: EndedSessions
  readonly documents: Readonly<Record<Name, OpenDocument>>
  readonly replicas: Readonly<Record<string, Pick<Replica, 'status'>>>
}

export const openContent = async <Name extends string>(parts: ContentParts<Name>): Promise<Content<Name>> => {
  const { membership, ports, closing } = parts
  const sessions = await openSessions(membership, ports)
  closing.add('replica', sessions.close)
  const doc = new Y.Doc()
  const users = createUserCache({
    doc,
    nodeId: membership.self.id,
    now: ports.now,
    onListenerError: (error) => ports.log.error({ err: error }, 'a listener of the users threw'),
  })
  const open = opener(parts)
  const { replica: userReplica } = await open(ownTopics.users, { doc, policy: users.policy })
  const documents = await eachOf(parts.documents, open)
  const replicas = Object.fromEntries(
    Object.entries<OpenDocument>(documents).map(([name, { replica }]) => [name, replica]),
  )
  return { users, userReplica, sessions, documents, replicas: { users: userReplica, sessions, ...replicas } }
}

type Open = (name: string, options: DocumentOptions) => Promise<OpenDocument>

const opener =
  ({ membership: bus, storages, compactAfter, ports, closing }: ContentParts<string>): Open =>
  async (name, options) => {
    const storage = storages.get(name)
    if (storage === undefined) throw new TypeError(`there is no storage for ${name}`)
    const document = await openDocument(options, { name, bus, storage, compactAfter, ports })
    closing.add('replica', () => document.replica.close())
    return document
  }

/** One after the other, so that a start that fails has opened nothing later. */
const eachOf = async <Name extends string>(
  documents: DocumentsOf<Name>,
  open: Open,
): Promise<Record<Name, OpenDocument>> => {
  const opened: Partial<Record<Name, OpenDocument>> = {}
  for (const name in documents) opened[name] = await open(name, documents[name] ?? {})
  if (!isWhole(opened, Object.keys(documents))) throw new TypeError('a document was not opened')
  return opened
}

const isWhole = <Name extends string, T>(
  part: Partial<Record<Name, T>>,
  names: readonly string[],
): part is Record<Name, T> => names.every((name) => name in part)
