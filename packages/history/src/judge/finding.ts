import type { Entry, Outcome } from '../history.ts'

/** What can be found in a history. */
export type FindingKind = 'lost' | 'divided' | 'phantom' | 'doubled' | 'stale' | 'never read'

/** What is worst first. */
export const worst: readonly FindingKind[] = ['lost', 'divided', 'phantom', 'doubled', 'never read', 'stale']

/** Something that a checker found: whose it is, and the operations that show it. */
export interface Finding {
  readonly kind: FindingKind
  /** An element of a set, `key=value` of a register, or the key of a register. */
  readonly name: string
  /** The write that it is about; none if nobody wrote it, or there are several. */
  readonly written?: Sighting
  /** The reads that show it; of a stale element, only the last that missed it. */
  readonly reads: readonly Sighting[]
  /** Of what is stale: for how long, in milliseconds. */
  readonly forMs?: number
}

/** An operation, without what it held. */
export interface Sighting {
  readonly node: string
  readonly from: number
  readonly to: number
  readonly outcome: Outcome
  /** What a read of a divided register saw. */
  readonly saw?: string
}

export const sightingOf = ({ node, from, to, outcome }: Entry<unknown>): Sighting => ({
  node,
  from,
  to,
  outcome,
})

/** Of each name that is found in something, where. */
export const gather = (
  kind: FindingKind,
  found: Iterable<readonly [name: string, read: Entry<unknown>]>,
): Finding[] => {
  const reads = new Map<string, Sighting[]>()
  for (const [name, read] of found) {
    const others = reads.get(name)
    if (others === undefined) reads.set(name, [sightingOf(read)])
    else others.push(sightingOf(read))
  }
  return [...reads].map(([name, reads]) => ({ kind, name, reads }))
}

export const namesOf = (kind: FindingKind, findings: readonly Finding[]): string[] =>
  findings.filter((finding) => finding.kind === kind).map(({ name }) => name)
