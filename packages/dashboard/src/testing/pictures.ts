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

/** For tests: everybody linked to everybody, unless said otherwise. */
export const pictureOf = (members: readonly MemberPicture[], rest: Partial<Picture> = {}): Picture => ({
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
