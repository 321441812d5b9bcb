import { html, type Html } from '@grapevine/std'
import type { MemberPicture, MemberState, Picture, Traffic } from '../picture.ts'
import type { ContentGroup } from './content-groups.ts'

const mostNames = 50

/** What stands beside the picture. */
export const numbers = (picture: Picture, groups: readonly ContentGroup[]): Html =>
  html`<dl class="gv-numbers">
    ${[
      fact('Members', countsOf(picture.members)),
      fact('Users', usersOf(picture)),
      fact('Truths', groups.length === 0 ? 'unknown' : groups.map(truthLine)),
      fact('Contested names', contested(picture.contested)),
      ...picture.traffic.map((traffic) => fact(`Sync of ${traffic.name}`, trafficWords(traffic))),
    ]}
  </dl>`

const fact = (term: string, value: string | Html | readonly Html[]): Html =>
  html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`

const states: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']

const countsOf = (members: readonly MemberPicture[]): string =>
  states
    .map((state) => ({ state, count: members.filter((member) => member.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ')

/** Of whoever looks, or of each who could be asked. */
const usersOf = ({ observer, members }: Picture): string => {
  const answers = members.flatMap(({ id, report }) =>
    report.kind === 'answered' && (observer.kind === 'outside' || observer.id === id) ? [report.users] : [],
  )
  const different = [...new Set(answers)].sort((a, b) => a - b)
  return different.length === 0 ? 'unknown' : different.join(' or ')
}

const truthLine = ({ letter, digest, holders }: ContentGroup): Html =>
  html`<span class="gv-truth"
    ><b>${letter}</b> on ${holders.length}, <code title="${digest}">${digest.slice(0, 8)}</code></span
  >`

const contested = (names: readonly string[]): string | Html => {
  if (names.length === 0) return 'none'
  const more = names.length - mostNames
  return html`${names.slice(0, mostNames).map((name) => html`<bdi class="gv-contested">${name}</bdi> `)}
  ${more > 0 ? `and ${more} more` : undefined}`
}

const trafficWords = ({ bytesIn, bytesOut, refused }: Traffic): string =>
  `${sizeOf(bytesIn)} in, ${sizeOf(bytesOut)} out${refused > 0 ? `, ${refused} refused` : ''}`

const sizeOf = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB']
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`
}
