import type { MemberPicture } from '../picture.ts'

const numeric = new Intl.Collator('en', { numeric: true })

/** node-2 before node-10; the id keeps the order still when names are equal. */
export const byName = (one: MemberPicture, other: MemberPicture): number =>
  numeric.compare(one.name, other.name) || numeric.compare(one.id, other.id)

const mostNames = 6

/** Names for a sentence: all of a few, and how many more there are of many. */
export const namesOf = (members: readonly MemberPicture[]): string => {
  const names = members.toSorted(byName).map(({ name }) => name)
  const more = names.length - mostNames
  return more > 0 ? `${names.slice(0, mostNames).join(', ')} and ${more} more` : names.join(', ')
}

const mostOfSide = 3

/** A side of a split in few words: it is beside others in one sentence. */
export const sideOf = (members: readonly MemberPicture[]): string => {
  const [first, ...others] = members.toSorted(byName)
  if (first === undefined || members.length <= mostOfSide) return namesOf(members)
  return `${first.name} and ${others.length} more`
}

/** `is` or `are`, `has` or `have`: what stands behind so many names. */
export const agree = (members: readonly unknown[], one: string, many: string): string =>
  members.length === 1 ? one : many
