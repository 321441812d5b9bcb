import type { Storage } from '../storage/storage.ts'
import type { DocumentParts } from './parts.ts'
import type { ReplicaStatus } from './status.ts'

export const readStatus = (parts: DocumentParts, isReady: boolean): ReplicaStatus => {
  const { held, storage, digest, journal, peers, penalties, conversation, outcomes } = parts
  return {
    ready: isReady,
    storage: journal.state,
    digest: digest.value(),
    ...conversation.traffic,
    inSync: peers.all('inSync'),
    diverged: peers.all('diverged'),
    cutOff: penalties.cutOff(),
    pending: conversation.inbox.waiting + journal.unsaved,
    held: held.length,
    lastExchange: outcomes.last(),
    ...sizesOf(storage),
  }
}

const sizesOf = (storage: Storage): Pick<ReplicaStatus, 'logBytes' | 'snapshotBytes' | 'damaged'> => {
  const { logBytes, snapshotBytes, damaged } = storage.status()
  return { logBytes, snapshotBytes, damaged }
}
