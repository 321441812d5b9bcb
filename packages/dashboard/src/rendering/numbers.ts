import { html, type Html } from '@grapevine/std'
import { contentMark } from './member-table.ts'
import { userWords } from '../model/user-counts.ts'
import type { ContestedName, MemberPicture, MemberState, Picture, Traffic } from '../picture.ts'
import type { ContentGroup } from '../model/contents.ts'

const mostNames = 50
const mostAccounts = 5

/** What stands beside the picture. */
export const numbers = (picture: Picture, groups: readonly ContentGroup[]): Html =>
  html`<dl class="gv-numbers">
    ${[
      fact('Members', countsOf(picture.members)),
      fact('Users', userWords(picture).map(line)),
      fact('Data', groups.length === 0 ? 'not known' : groups.map(contentLine)),
      fact('Contested names', contested(picture.contested)),
      ...picture.traffic.map((traffic) => fact(`Sync of ${traffic.name}`, trafficWords(traffic))),
    ]}
  </dl>`

const fact = (term: string, value: string | Html | readonly Html[]): Html =>
  html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`

const line = (text: string): Html => html`<span class="gv-line-of">${text}</span>`

const states: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']

const countsOf = (members: readonly MemberPicture[]): string =>
  states
    .map((state) => ({ state, count: members.filter((member) => member.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ')

const contentLine = (group: ContentGroup): Html =>
  html`<span class="gv-line-of"
    >${contentMark(group)} on ${group.holders.length},
    <code title="${group.digest}">${group.digest.slice(0, 8)}</code></span
  >`

const contested = (names: readonly ContestedName[]): string | Html => {
  if (names.length === 0) return 'none'
  const more = names.length - mostNames
  return html`${names.slice(0, mostNames).map(contestedName)} ${more > 0 ? `and ${more} more` : undefined}`
}

const contestedName = ({ name, accounts }: ContestedName): Html =>
  html`<span class="gv-line-of"
    ><bdi>${name}</bdi>
    ${accounts.length === 0 ? undefined : html`<span class="gv-small">accounts ${accountIds(accounts)}</span>`}</span
  >`

const accountIds = (accounts: readonly string[]): string => {
  const more = accounts.length - mostAccounts
  return `${accounts.slice(0, mostAccounts).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const trafficWords = ({ bytesIn, bytesOut, refused }: Traffic): string =>
  `${sizeOf(bytesIn)} in, ${sizeOf(bytesOut)} out${refused > 0 ? `, ${refused} refused` : ''}`

export const sizeOf = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB']
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`
}
