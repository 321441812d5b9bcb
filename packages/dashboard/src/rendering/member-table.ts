import { html, type Html } from '@grapevine/std'
import { byName } from './ring.ts'
import type { MemberPicture, MemberState, Picture } from '../picture.ts'
import type { ContentGroup } from './content-groups.ts'

/** Each member in words, for everybody who cannot or will not read the picture. */
export const memberTable = (picture: Picture, groups: readonly ContentGroup[]): Html =>
  html`<table>
    <caption>
      Members
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
      ${picture.members.toSorted(byName).map((member) => memberRow(picture, member, groups))}
    </tbody>
  </table>`

const memberRow = ({ observer }: Picture, member: MemberPicture, groups: readonly ContentGroup[]): Html => {
  const { id, name, state, url, skew, report } = member
  const isSelf = observer.kind === 'member' && observer.id === id
  const group = groups.find(({ holders }) => holders.includes(member))
  return html`<tr data-key="${id}">
    <th scope="row">
      <bdi>${name}</bdi> ${isSelf ? html`<span class="gv-self">here</span>` : undefined} ${address(url)}
    </th>
    <td><span class="gv-state gv-${state}">${mark(state)} ${state}</span>${clock(skew)}</td>
    <td>${report.kind === 'answered' ? report.view : '–'}</td>
    <td>${group === undefined ? '–' : group.letter}</td>
  </tr>`
}

/** Milliseconds between two clocks that are worth a word; membership warns from there on. */
const skewWorthTelling = 2_000

const clock = (skew: number | undefined): Html | undefined =>
  skew === undefined || Math.abs(skew) < skewWorthTelling
    ? undefined
    : html` <span class="gv-small"
        >clock ${(Math.abs(skew) / 1_000).toFixed(1)} s ${skew > 0 ? 'ahead' : 'behind'}</span
      >`

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
