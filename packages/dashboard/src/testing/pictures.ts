import type { MemberPicture, Picture } from '../picture.ts'

/** For tests: members that were asked and answered. */
export const member = (
  name: string,
  { digest = 'd1', ...rest }: Partial<MemberPicture> & { readonly digest?: string } = {},
): MemberPicture => ({
  id: `id of ${name}`,
  name,
  state: 'alive',
  url: 'http://10.0.0.1:3000',
  report: { kind: 'answered', digest, view: 'whole', users: 3 },
  ...rest,
})

/** For tests: node-1 to node-`count`. */
export const members = (count: number): MemberPicture[] =>
  Array.from({ length: count }, (_each, index) => member(`node-${index + 1}`))

/** For tests: one that was asked and did not answer. */
export const silent = (name: string, state: MemberPicture['state'] = 'suspect'): MemberPicture =>
  member(name, { state, report: { kind: 'silent' } })

/** For tests: links among those of a side, and none from one to another. */
export const linksWithin = (...sides: readonly (readonly MemberPicture[])[]): [string, string][] =>
  sides.flatMap((side) =>
    side.flatMap((one, index) => side.slice(index + 1).map((other): [string, string] => [one.id, other.id])),
  )

/** For tests: everybody linked to everybody, unless said otherwise. */
export const pictureOf = (members: readonly MemberPicture[], rest: Partial<Picture> = {}): Picture => ({
  at: 1_700_000_000_000,
  observer: { kind: 'outside' },
  members,
  links: members.flatMap((one, index) =>
    members.slice(index + 1).map((other): [string, string] => [one.id, other.id]),
  ),
  contested: [],
  traffic: [],
  events: [],
  ...rest,
})
