import { createEvents, createSignal, type Events, type Signal } from '../shared/events.ts'
import { createPeerPenalties, type PeerPenalties } from '../shared/peer-penalty.ts'
import { createPeerComparisons, type PeerComparisons } from '../shared/peer-comparisons.ts'
import type { ContentDigest } from './digest/content-digest.ts'
import { createInbox } from './guard/inbox.ts'
import { openJournal, type Journal } from './journal.ts'
import { remoteOrigin } from './origins.ts'
import { createOutcomes, type Outcomes } from './outcomes.ts'
import { createExchange, type Exchange } from './sync/exchange.ts'
import { createOutbox, type Outbox } from './sync/outbox.ts'
import { createSyncPermit } from './sync/sync-permit.ts'
import type * as Y from 'yjs'
import type { Bus } from '../bus.ts'
import type { Settings } from '../config.ts'
import type { Storage } from '../storage/storage.ts'
import type { ReplicaEvents } from './status.ts'
import type { ConversationContext } from './sync/conversation.ts'

/** What is asked to keep a document: the document, and where it is kept. */
export interface DocumentOrder {
  readonly doc: Y.Doc
  readonly bus: Bus
  readonly settings: Settings
  readonly storage: Storage
  readonly digest: ContentDigest
  /** Updates of the own disk that build on something that is damaged. */
  readonly held: Uint8Array[]
  /** Aborted when the replica is closed. */
  readonly signal: AbortSignal
}

/** Whatever keeps one document, each made of those that stand before it. */
export interface DocumentParts extends DocumentOrder {
  readonly events: Events<ReplicaEvents>
  /** The status may be another. */
  readonly changes: Signal
  readonly peers: PeerComparisons
  readonly penalties: PeerPenalties
  readonly journal: Journal
  readonly refused: (peer: string | undefined, reason: string) => void
  readonly conversation: ConversationContext
  readonly outcomes: Outcomes
  readonly exchange: Exchange
  readonly outbox: Outbox
}

export const createParts = (order: DocumentOrder): DocumentParts => {
  const { settings, held } = order
  const { clock, log, random, policy } = settings
  const events = createEvents<ReplicaEvents>()
  const changes = createSignal()
  const peers = createPeerComparisons(changes.fire)
  const penalties = createPeerPenalties(clock, log)
  const { journal, permit } = keptBy(order, changes)
  const missed = createSignal()
  const refused: DocumentParts['refused'] = (peer, reason) => {
    log.warn({ peer, reason }, 'a foreign update was refused')
    events.emit('refused', { member: peer, reason })
    changes.fire()
  }
  const conversation = conversationOf(order, { journal, permit, penalties, refused, missed: missed.fire })
  const outcomes = createOutcomes({ conversation, policy, held, events, changes })
  const exchange = createExchange({
    ...conversation,
    random,
    penalties,
    peers,
    completed: outcomes.completed,
    diverged: outcomes.diverged,
  })
  missed.on(exchange.soon)
  const outbox = createOutbox({ ...conversation, journal, exchangeAnewWith: exchange.anewWith })
  const others = { conversation, outcomes, exchange, outbox }
  return { ...order, events, changes, peers, penalties, journal, refused, ...others }
}

/** The disk, and who may send a large difference: while somebody does, the log is not compacted. */
const keptBy = ({ doc, storage, settings, held }: DocumentOrder, changes: Signal) => {
  const { clock, log, compactAfter } = settings
  const permit = createSyncPermit(clock)
  const isReceiving = (): boolean => permit.isHeld
  const changed = changes.fire
  const journal = openJournal({ doc, storage, clock, log, compactAfter, held, changed, isReceiving })
  return { journal, permit }
}

type Taking = Pick<DocumentParts, 'journal' | 'penalties' | 'refused'> &
  Pick<ConversationContext, 'permit'> & { readonly missed: () => void }

const conversationOf = (order: DocumentOrder, taking: Taking): ConversationContext => {
  const { doc, bus, settings, digest, signal } = order
  const { name, clock, log, policy } = settings
  const traffic = { refused: 0, dropped: 0, gaps: 0, bytesIn: 0, bytesOut: 0 }
  const inbox = createInbox({ ...taking, doc, policy, traffic, clock, log, origin: remoteOrigin })
  return { doc, bus, digest, inbox, permit: taking.permit, name, traffic, clock, signal, log }
}
