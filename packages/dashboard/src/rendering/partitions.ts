import type { MemberPicture, Picture } from '../picture.ts'

/** Members that can talk to each other, directly or through others. */
export type Partition = readonly MemberPicture[]

/** Whether a member runs, as far as can be seen; one that is down or has left belongs to no partition. */
export const isPresent = ({ state }: MemberPicture): boolean => state === 'alive' || state === 'suspect'

/** The connected components of the members that are present, largest first, then by the order of the members. */
export const partitionsOf = ({ members, links }: Picture): readonly Partition[] => {
  const partitions: MemberPicture[][] = []
  const left = new Set(members.filter(isPresent))
  for (const first of left) {
    const partition = [first]
    left.delete(first)
    // Grows while it is walked: whoever is found is asked for neighbours in turn.
    for (const { id } of partition) {
      for (const other of left) {
        if (!areLinked(links, id, other.id)) continue
        partition.push(other)
        left.delete(other)
      }
    }
    partitions.push(partition)
  }
  return partitions.sort((one, other) => other.length - one.length)
}

export const areLinked = (links: Picture['links'], one: string, other: string): boolean =>
  links.some(([a, b]) => (a === one && b === other) || (a === other && b === one))
