import { createHash } from 'node:crypto'
import type { MemberPicture } from '../picture.ts'

/** What some members hold in common. */
export interface ContentGroup {
  /** A few letters for people. They come from the digest, so that whoever looks, from wherever, calls the same data the same. */
  readonly label: string
  /** One of `hues` colours, from the digest as well. */
  readonly hue: number
  readonly digest: string
  readonly holders: readonly MemberPicture[]
}

export const hues = 8
const shortest = 3
/** No vowels: three letters are then no word. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

/** The different contents that are held, that of most members first; members that were silent hold none that is known. */
export const contentGroupsOf = (members: readonly MemberPicture[]): readonly ContentGroup[] => {
  const byDigest = new Map<string, MemberPicture[]>()
  for (const member of members) {
    if (member.report.kind === 'silent') continue
    const holders = byDigest.get(member.report.digest)
    if (holders === undefined) byDigest.set(member.report.digest, [member])
    else holders.push(member)
  }
  const codes = new Map([...byDigest.keys()].map((digest) => [digest, codeOf(digest)]))
  return [...byDigest]
    .sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .map(([digest, holders]) => {
      const { code, hue } = codes.get(digest) ?? codeOf(digest)
      return { label: code.slice(0, lengthOf(code, codes.values())), hue, digest, holders }
    })
}

/** As short as tells it from the others that are shown. */
const lengthOf = (code: string, all: Iterable<{ readonly code: string }>): number => {
  let length = shortest
  for (const other of all) {
    if (other.code === code) continue
    while (length < code.length && other.code.startsWith(code.slice(0, length))) length += 1
  }
  return length
}

const codeOf = (digest: string): { readonly code: string; readonly hue: number } => {
  const [first = 0, ...rest] = createHash('sha256').update(digest).digest()
  const code = rest.map((byte) => letters[byte % letters.length] ?? '').join('')
  return { code, hue: first % hues }
}
