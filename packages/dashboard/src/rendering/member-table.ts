import { html, type Html } from '@grapevine/std'
import { clockTime } from './clock-time.ts'
import { troubledFirst, troublesOf, type Troubles } from '../model/troubles.ts'
import { mostSingle } from './ring/figure.ts'
import type { MemberPicture, MemberState, Picture } from '../picture.ts'
import type { ContentGroup } from '../model/contents.ts'

interface Context {
  readonly picture: Picture
  readonly troubles: Troubles
  readonly groups: readonly ContentGroup[]
}

/** Each member in words, for everybody who cannot or will not read the picture: troubled ones first, of many the others folded away. */
export const memberTables = (picture: Picture, groups: readonly ContentGroup[]): Html => {
  const troubles = troublesOf(picture)
  const context = { picture, troubles, groups }
  const members = troubledFirst(picture.members, troubles)
  if (members.length <= mostSingle) return table('Members', members, context)
  const troubled = members.filter(({ id }) => troubles.has(id))
  const others = members.filter(({ id }) => !troubles.has(id))
  return html`${troubled.length === 0 ? undefined : table('Members to look at', troubled, context)}
    <details data-key="others" class="gv-others">
      <summary>${others.length} members of which nothing bad is known</summary>
      ${table('Other members', others, context)}
    </details>`
}

const table = (caption: string, members: readonly MemberPicture[], context: Context): Html =>
  html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Member</th>
        <th scope="col">State</th>
        <th scope="col">Sees</th>
        <th scope="col">Holds</th>
      </tr>
    </thead>
    <tbody>
      ${members.map((member) => memberRow(member, context))}
    </tbody>
  </table>`

const memberRow = (member: MemberPicture, { picture: { observer }, troubles, groups }: Context): Html => {
  const { id, name, state, url, report } = member
  const isSelf = observer.kind === 'member' && observer.id === id
  const group = groups.find(({ holders }) => holders.includes(member))
  return html`<tr data-key="${id}">
    <th scope="row">
      <bdi>${name}</bdi> ${isSelf ? html`<span class="gv-self">here</span>` : undefined} ${address(url)}
    </th>
    <td data-label="State">
      <span class="gv-state gv-${state}">${mark(state)} ${state}</span>${(troubles.get(id) ?? [])
        .filter((trouble) => trouble !== state)
        .map((trouble) => html` <span class="gv-small">${trouble}</span>`)}
      ${lastHeard(member)}
    </td>
    <td data-label="Sees">${report.kind === 'answered' ? report.view : 'unknown'}</td>
    <td data-label="Holds">${group === undefined ? 'unknown' : contentMark(group)}</td>
  </tr>`
}

const lastHeard = ({ report, state, heardAt }: MemberPicture): Html | undefined =>
  report.kind === 'answered' || state === 'left' || heardAt === undefined
    ? undefined
    : html`<span class="gv-small">last answer ${clockTime(heardAt)}</span>`

export const contentMark = ({ label, hue }: ContentGroup): Html =>
  html`<span class="gv-held gv-hue-${hue}">${label}</span>`

/** The picture's shapes once more, small. */
const mark = (state: MemberState): Html =>
  html`<svg class="gv-mark" viewBox="-10 -10 20 20" aria-hidden="true">${marks[state]}</svg>`

const marks: Readonly<Record<MemberState, Html>> = {
  alive: html`<circle class="gv-full" r="8" />`,
  suspect: html`<circle class="gv-rim" r="8" /><path class="gv-full" d="M0 -8A8 8 0 0 0 0 8Z" />`,
  down: html`<circle class="gv-rim" r="8" /><path class="gv-cross" d="M-4 -4L4 4M-4 4L4 -4" />`,
  left: html`<circle class="gv-rim gv-dashed" r="8" />`,
}

/** A member names its own URL, so anything but the web (`javascript:`, say) is no link. */
const address = (url: string | undefined): Html | undefined => {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  return html`<a class="gv-small" href="${url}" rel="noreferrer">${host}</a>`
}
