import { createHash } from 'node:crypto'
import type { FactsStatus } from '@grapevine/replica'

/** What several documents are together: as good as the worst of them. */
export const combinedStatus = (all: readonly FactsStatus[]): FactsStatus => {
  const sum = (read: (status: FactsStatus) => number): number =>
    all.reduce((total, status) => total + read(status), 0)
  const inAny = (read: (status: FactsStatus) => readonly string[]): readonly string[] => [
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
    unknown: sum(({ unknown }) => unknown),
    facts: sum(({ facts }) => facts),
    erased: sum(({ erased }) => erased),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    inSync: (all[0]?.inSync ?? []).filter((member) => all.every(({ inSync }) => inSync.includes(member))),
    diverged: inAny(({ diverged }) => diverged),
    cutOff: inAny(({ cutOff }) => cutOff),
    notAsked: inAny(({ notAsked }) => notAsked),
    pending: sum(({ pending }) => pending),
    failed: all.flatMap(({ failed }) => failed),
    behind: all.flatMap(({ behind }) => behind),
    purging: sum(({ purging }) => purging),
    lastExchange: exchanges.toSorted((one, other) => one.ago - other.ago)[0],
    logBytes: sum(({ logBytes }) => logBytes),
    snapshotBytes: sum(({ snapshotBytes }) => snapshotBytes),
    damaged: sum(({ damaged }) => damaged),
    setAside: sum(({ setAside }) => setAside),
    compactionDue: all.some(({ compactionDue }) => compactionDue),
  }
}
