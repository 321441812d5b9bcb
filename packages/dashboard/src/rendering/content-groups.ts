import type { MemberPicture } from '../picture.ts'

/** What some members hold in common: a letter for people, and the digest that it stands for. */
export interface ContentGroup {
  readonly letter: string
  readonly digest: string
  readonly holders: readonly MemberPicture[]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The different contents that are held, that of most members first; members that were silent hold none here. */
export const contentGroupsOf = (members: readonly MemberPicture[]): readonly ContentGroup[] => {
  const byDigest = new Map<string, MemberPicture[]>()
  for (const member of members) {
    if (member.report.kind === 'silent') continue
    const { digest } = member.report
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), member])
  }
  return [...byDigest]
    .sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .map(([digest, holders], index) => ({ letter: letters[index] ?? '…', digest, holders }))
}
