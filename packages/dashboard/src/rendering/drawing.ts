import { html, type Html } from '@grapevine/std'
import { areLinked, partitionsOf, isPresent } from './partitions.ts'
import { byName, ringOf, type Point, type Ring } from './ring.ts'
import { contentGroupsOf, type ContentGroup } from './content-groups.ts'
import type { MemberPicture, MemberState, Picture } from '../picture.ts'

/** Beyond this many members only what is linked is drawn, and beyond `mostNamed` the names are left to the table. */
const mostPairs = 24
const mostNamed = 14
const mostLinks = 400
const longestName = 12

/** The cluster as a ring. States differ in shape as well as in colour; `data-key` keeps an element itself as it moves. */
export const drawing = (picture: Picture, label: string): Html => {
  const ring = ringOf(picture)
  const groups = contentGroupsOf(picture.members)
  const members = picture.members.toSorted(byName)
  return html`<svg
    class="gv-ring"
    viewBox="0 0 ${ring.width} ${ring.height}"
    role="img"
    aria-label="${label}"
  >
    ${pairsOf(picture, members).map((pair) => line(ring, pair))}
    ${members.map((member) => node(ring, member, groups, members.length <= mostNamed))}
  </svg>`
}

interface Pair {
  readonly one: MemberPicture
  readonly other: MemberPicture
  /** Not linked: `apart` if they reach each other through others, `cut` if they do not. */
  readonly kind: 'linked' | 'apart' | 'cut'
}

const pairsOf = (picture: Picture, members: readonly MemberPicture[]): readonly Pair[] => {
  const partitions = partitionsOf(picture)
  const pairs = members.flatMap((one, index) =>
    members.slice(index + 1).flatMap((other): Pair[] => {
      if (areLinked(picture.links, one.id, other.id)) return [{ one, other, kind: 'linked' }]
      if (!isPresent(one) || !isPresent(other) || members.length > mostPairs) return []
      const together = partitions.some((partition) => partition.includes(one) && partition.includes(other))
      return [{ one, other, kind: together ? 'apart' : 'cut' }]
    }),
  )
  return pairs.slice(0, mostLinks)
}

const line = ({ places, radius }: Ring, { one, other, kind }: Pair): Html | undefined => {
  const [from, to] = [places.get(one.id), places.get(other.id)]
  if (from === undefined || to === undefined) return undefined
  const [a, b] = [towards(from, to, radius + 5), towards(to, from, radius + 5)]
  const [x, y] = [Math.round((a.x + b.x) / 2), Math.round((a.y + b.y) / 2)]
  const cross = html`<path d="M-5 -5L5 5M-5 5L5 -5" transform="translate(${x} ${y})" />`
  return html`<g class="gv-link gv-${kind}" data-key="${one.id} ${other.id}">
    <line x1="${a.x}" y1="${a.y}" x2="${b.x}" y2="${b.y}" />
    ${kind === 'cut' ? cross : undefined}
  </g>`
}

const towards = (from: Point, to: Point, distance: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const share = Math.min(0.4, distance / length)
  return {
    x: Math.round(10 * (from.x + share * (to.x - from.x))) / 10,
    y: Math.round(10 * (from.y + share * (to.y - from.y))) / 10,
  }
}

const node = (
  { places, radius }: Ring,
  member: MemberPicture,
  groups: readonly ContentGroup[],
  named: boolean,
): Html | undefined => {
  const at = places.get(member.id)
  if (at === undefined) return undefined
  const { id, name, state, report } = member
  const group = groups.find(({ holders }) => holders.includes(member))
  const words =
    report.kind === 'answered'
      ? `${report.users} ${report.users === 1 ? 'user' : 'users'} · sees ${viewWords[report.view]}`
      : state
  return html`<g class="gv-node gv-${state}" data-key="${id}" transform="translate(${at.x} ${at.y})">
    <title>${name}: ${state}</title>
    ${shapes[state](radius)} ${group === undefined || radius < 12 ? undefined : badge(group, groups)}
    ${named ? caption(name, words, radius) : undefined}
  </g>`
}

const viewWords = { whole: 'all', majority: 'most', minority: 'few' } as const

/** The letter of what it holds; a second ring for whoever holds something else than most. */
const badge = (group: ContentGroup, groups: readonly ContentGroup[]): Html =>
  html`<text class="gv-letter" dy="6">${group.letter}</text>
    ${groups[0] === group ? undefined : html`<circle class="gv-other" r="27" />`}`

const caption = (name: string, words: string, radius: number): Html =>
  html`<text class="gv-name" y="${radius + 20}">
      ${name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name}
    </text>
    <text class="gv-words" y="${radius + 36}">${words}</text>`

/** Full, half full, crossed out, dashed. */
const shapes: Readonly<Record<MemberState, (r: number) => Html>> = {
  alive: (r) => html`<circle class="gv-full" r="${r}" />`,
  suspect: (r) =>
    html`<circle class="gv-rim" r="${r}" /><path class="gv-full" d="M0 ${-r}A${r} ${r} 0 0 0 0 ${r}Z" />`,
  down: (r) =>
    html`<circle class="gv-rim" r="${r}" /><path
        class="gv-cross"
        d="M${-r / 2} ${-r / 2}L${r / 2} ${r / 2}M${-r / 2} ${r / 2}L${r / 2} ${-r / 2}"
      />`,
  left: (r) => html`<circle class="gv-rim gv-dashed" r="${r}" />`,
}
