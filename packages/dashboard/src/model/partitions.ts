import type { MemberPicture, Picture } from '../picture.ts'

/** Members that can talk to each other, directly or through others. */
export type Partition = readonly MemberPicture[]

/** Whether a member runs, as far as can be seen; one that is down or has left belongs to no partition. */
export const isPresent = ({ state }: MemberPicture): boolean => state === 'alive' || state === 'suspect'

export const hasAnswered = ({ report }: MemberPicture): boolean => report.kind === 'answered'

/** The connected components of the members that are present, largest first, then by the order of the members. */
export const partitionsOf = ({ members, links }: Picture): readonly Partition[] => {
  const neighbours = neighboursOf(links)
  const present = new Map(members.filter(isPresent).map((member) => [member.id, member]))
  const partitions: MemberPicture[][] = []
  for (const [id, first] of present) {
    present.delete(id)
    const partition = [first]
    // Grows while it is walked: whoever is found is asked for neighbours in turn.
    for (const { id: each } of partition) {
      for (const next of neighbours.get(each) ?? []) {
        const other = present.get(next)
        if (other === undefined) continue
        present.delete(next)
        partition.push(other)
      }
    }
    partitions.push(partition)
  }
  return partitions.sort((one, other) => other.length - one.length)
}

const neighboursOf = (links: Picture['links']): ReadonlyMap<string, ReadonlySet<string>> => {
  const neighbours = new Map<string, Set<string>>()
  const add = (one: string, other: string): void => {
    const known = neighbours.get(one)
    if (known === undefined) neighbours.set(one, new Set([other]))
    else known.add(other)
  }
  for (const [one, other] of links) {
    add(one, other)
    add(other, one)
  }
  return neighbours
}

export interface Pair {
  readonly one: MemberPicture
  readonly other: MemberPicture
}

/** Pairs of these members without a direct link. */
export const unlinkedPairsOf = (
  members: readonly MemberPicture[],
  links: Picture['links'],
): readonly Pair[] => {
  const neighbours = neighboursOf(links)
  return members.flatMap((one, index) =>
    members
      .slice(index + 1)
      .filter((other) => neighbours.get(one.id)?.has(other.id) !== true)
      .map((other) => ({ one, other })),
  )
}
