import { html, type Html } from '@grapevine/std'
import { contentGroupsOf, type ContentGroup } from '../../model/contents.ts'
import { troublesOf, type Troubles } from '../../model/troubles.ts'
import { figureOf } from './figure.ts'
import { layoutOf, type Placed } from './layout.ts'
import { linesOf, type Line } from './lines.ts'
import { shortName } from './short-name.ts'
import type { MemberPicture, MemberState, Picture } from '../../picture.ts'

/** Up to so many members each has words below its name; the table has them always. */
const mostWorded = 6

/** The cluster as a ring. States differ in shape as well as in colour; `data-key` keeps an element itself as it moves. */
export const drawing = (picture: Picture, label: string): Html => {
  const islands = figureOf(picture)
  const { top, width, height, placed } = layoutOf(islands)
  const groups = contentGroupsOf(picture.members)
  const context = { groups, troubles: troublesOf(picture), isWorded: picture.members.length <= mostWorded }
  return html`<svg class="gv-ring" viewBox="0 ${top} ${width} ${height}" role="img" aria-label="${label}">
    ${linesOf(picture, placed).map(line)} ${placed.map((each) => shape(each, context))}
  </svg>`
}

interface Context {
  readonly groups: readonly ContentGroup[]
  readonly troubles: Troubles
  readonly isWorded: boolean
}

const line = ({ key, kind, from, to }: Line): Html => {
  const [x, y] = [Math.round((from.x + to.x) / 2), Math.round((from.y + to.y) / 2)]
  const cross = html`<path d="M-6 -6L6 6M-6 6L6 -6" transform="translate(${x} ${y})" />`
  return html`<g class="gv-link gv-${kind}" data-key="${key}">
    <line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" />
    ${kind === 'cut' ? cross : undefined}
  </g>`
}

const shape = (placed: Placed, context: Context): Html => {
  const { at, shape: drawn } = placed
  const content =
    drawn.kind === 'member'
      ? memberMarkup(placed, drawn.member, context)
      : groupMarkup(placed, drawn, context)
  const state = drawn.kind === 'member' ? drawn.member.state : groupStates[drawn.what]
  return html`<g class="gv-node gv-${state}" data-key="${drawn.key}" transform="translate(${at.x} ${at.y})">
    ${content}
  </g>`
}

const groupStates = { well: 'alive', troubled: 'suspect', down: 'down', left: 'left' } as const

const memberMarkup = (
  placed: Placed,
  member: MemberPicture,
  { groups, troubles, isWorded }: Context,
): Html => {
  const { name, state } = member
  const { radius } = placed
  const held = groups.find(({ holders }) => holders.includes(member))
  const trouble = troubles.get(member.id)
  const words = isWorded ? wordsOf(member, trouble) : trouble?.[0]
  return html`<title>${name}: ${[state, ...(trouble ?? [])].join(', ')}</title> ${shapes[state](radius)}
    ${held === undefined ? undefined : badge(held, radius)} ${caption(placed, shortName(name), words)}`
}

const wordsOf = ({ state, report }: MemberPicture, trouble: readonly string[] | undefined): string => {
  if (report.kind === 'silent') return trouble?.[0] ?? state
  return `${people(report.users)} · sees ${viewWords[report.view]}`
}

const viewWords = { whole: 'all', majority: 'most', minority: 'few' } as const

const people = (count: number): string => `${count} ${count === 1 ? 'user' : 'users'}`

type Group = Extract<Placed['shape'], { kind: 'group' }>

const groupMarkup = (placed: Placed, { what, members }: Group, { groups }: Context): Html => {
  const [first, last] = [members[0], members.at(-1)]
  const held =
    what === 'well' ? groups.find(({ holders }) => first !== undefined && holders.includes(first)) : undefined
  const names = `${shortName(first?.name ?? '')} … ${shortName(last?.name ?? '')}`
  const words = held === undefined ? groupWords[what] : `all hold ${held.label}`
  return html`<title>${members.length} members, ${groupWords[what]}: ${names}</title>
    ${shapes[groupStates[what]](placed.radius)}
    ${held === undefined ? undefined : html`<circle class="gv-content gv-hue-${held.hue}" r="${placed.radius + 4}" />`}
    ${
      placed.label.side === 'inside'
        ? inside(members.length, held?.label)
        : html`<text class="gv-count" dy="9">${members.length}</text> ${caption(placed, names, words)}`
    }`
}

/** With others around it there is no room for words but within. */
const inside = (count: number, label: string | undefined): Html =>
  html`<text class="gv-count" dy="${label === undefined ? 9 : 4}">${count}</text>
    ${label === undefined ? undefined : html`<text class="gv-letter" dy="22">${label}</text>`}`

const groupWords = { well: 'well', troubled: 'not well', down: 'down', left: 'left' } as const

/** The letters of what it holds, and a ring in their colour: the same for everybody who looks. */
const badge = ({ label, hue }: ContentGroup, radius: number): Html =>
  html`<text class="gv-letter${radius < 19 ? ' gv-letter-small' : ''}" dy="${radius < 19 ? 4 : 5}"
      >${label}</text
    >
    <circle class="gv-content gv-hue-${hue}" r="${radius + 4}" />`

const lineHeight = 15

const caption = ({ at, label }: Placed, name: string, words: string | undefined): Html => {
  const [x, y] = [Math.round(label.x - at.x), Math.round(label.y - at.y)]
  const top = {
    above: y - (words === undefined ? 0 : lineHeight),
    below: y + 13,
    beside: y + (words === undefined ? 5 : -2),
    inside: y,
  }
  const first = top[label.side]
  return html`<text class="gv-name gv-${label.anchor}" x="${x}" y="${first}">${name}</text> ${
      words === undefined
        ? undefined
        : html`<text class="gv-words gv-${label.anchor}" x="${x}" y="${first + lineHeight}">${words}</text>`
    }`
}

/** Full, half full, crossed out, dashed. */
const shapes: Readonly<Record<MemberState, (r: number) => Html>> = {
  alive: (r) => html`<circle class="gv-full" r="${r}" />`,
  suspect: (r) =>
    html`<circle class="gv-rim" r="${r}" /><path
        class="gv-full gv-half"
        d="M0 ${-r}A${r} ${r} 0 0 0 0 ${r}Z"
      />`,
  down: (r) =>
    html`<circle class="gv-rim" r="${r}" /><path
        class="gv-cross"
        d="M${-r / 2} ${-r / 2}L${r / 2} ${r / 2}M${-r / 2} ${r / 2}L${r / 2} ${-r / 2}"
      />`,
  left: (r) => html`<circle class="gv-rim gv-dashed" r="${r}" />`,
}
