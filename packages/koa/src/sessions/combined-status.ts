import { createHash } from 'node:crypto'
import type { ReplicaStatus } from '@grapevine/replica'

/** What several documents are together: as good as the worst of them. */
export const combinedStatus = (all: readonly ReplicaStatus[]): ReplicaStatus => {
  const sum = (read: (status: ReplicaStatus) => number): number =>
    all.reduce((total, status) => total + read(status), 0)
  const inAny = (read: (status: ReplicaStatus) => readonly string[]): readonly string[] => [
    ...new Set(all.flatMap(read)),
  ]
  const exchanges = all.flatMap(({ lastExchange }) => lastExchange ?? [])
  return {
    ready: all.every(({ ready }) => ready),
    storage: all.every(({ storage }) => storage === 'keeping') ? 'keeping' : 'failing',
    digest: createHash('sha256')
      .update(all.map(({ digest }) => digest).join())
      .digest('hex'),
    refused: sum(({ refused }) => refused),
    dropped: sum(({ dropped }) => dropped),
    gaps: sum(({ gaps }) => gaps),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    inSync: (all[0]?.inSync ?? []).filter((member) => all.every(({ inSync }) => inSync.includes(member))),
    diverged: inAny(({ diverged }) => diverged),
    cutOff: inAny(({ cutOff }) => cutOff),
    pending: sum(({ pending }) => pending),
    held: sum(({ held }) => held),
    lastExchange: exchanges.toSorted((one, other) => one.ago - other.ago)[0],
    logBytes: sum(({ logBytes }) => logBytes),
    snapshotBytes: sum(({ snapshotBytes }) => snapshotBytes),
    damaged: sum(({ damaged }) => damaged),
  }
}
