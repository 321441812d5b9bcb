import { facts } from './facts.ts'
import { bunch, grape, type MemberState } from './grape.ts'
import { html, type Html } from './html.ts'
import { type Chrome, layout } from './layout.ts'

export interface ClusterMember {
  readonly id: string
  readonly name: string
  readonly state: MemberState
  /** Where the member serves the app, as the member itself says. */
  readonly url?: string | undefined
}

/** How much of the cluster this instance sees, of the members that have not left. */
export type View = 'whole' | 'majority' | 'minority'

export interface ClusterModel {
  /** Id of the member that serves the page. */
  readonly self: string
  readonly view: View
  readonly members: readonly ClusterMember[]
  /** Digest of the replicated content; equal on two members when they hold the same. */
  readonly digest: string
  readonly users: number
  /** Usernames that more than one account claims. */
  readonly contested: readonly string[]
  /**
   * `'live'` asks again every two seconds. Given either, the page links to the other as
   * `/cluster?refresh=…`, for readers whom a page that reloads leaves behind.
   * @default live, without a link
   */
  readonly refresh?: 'live' | 'paused' | undefined
}

const REFRESH_SECONDS = 2
const MOST_NAMES = 50

/** The cluster as this instance sees it at this moment. */
export function clusterPage(chrome: Chrome, model: ClusterModel): string {
  const members = model.members.toSorted(byName)
  const body = html`<div class="head">
      <h1>Cluster</h1>
      <p class="lede">As <bdi>${chrome.node}</bdi> sees it. ${refreshWords(model.refresh)}</p>
    </div>
    <section class="card view" aria-label="View">
      ${bunch(members.map(({ state }) => state))}
      <div>
        <p class="view-word">${VIEWS[model.view].word}</p>
        <p>${VIEWS[model.view].meaning}</p>
      </div>
    </section>
    <section class="card">${memberTable(members, model.self)}</section>
    <section class="card">
      <h2>What they hold</h2>
      ${facts([
        ['Users', String(model.users)],
        ['Contested names', contestedNames(model.contested)],
        ['Digest', html`<code title="${model.digest}">${shortened(model.digest)}</code>`],
      ])}
    </section>`
  const refreshAfter = model.refresh === 'paused' ? undefined : REFRESH_SECONDS
  return layout(chrome, { title: 'Cluster', path: '/cluster', body, refreshAfter })
}

const NUMERIC = new Intl.Collator('en', { numeric: true })

/** node-2 before node-10; the id keeps the order still between refreshes when names are equal. */
const byName = (one: ClusterMember, other: ClusterMember): number =>
  NUMERIC.compare(one.name, other.name) || NUMERIC.compare(one.id, other.id)

const VIEWS: Readonly<Record<View, { readonly word: Html; readonly meaning: string }>> = {
  whole: {
    word: html`<span class="state alive">${grape('alive')}The whole cluster</span>`,
    meaning: 'Every member that has not left can be reached from here.',
  },
  majority: {
    word: html`<span class="state suspect">${grape('suspect')}A majority</span>`,
    meaning: 'Most members can be reached from here, some cannot. Those catch up when they are back.',
  },
  minority: {
    word: html`<span class="state down">${grape('down')}A minority</span>`,
    meaning: 'Most members cannot be reached from here. Both sides catch up when the network heals.',
  },
}

function refreshWords(refresh: ClusterModel['refresh']): Html {
  if (refresh === 'paused') return html`Not refreshed. <a href="/cluster?refresh=live">Resume</a>`
  const pause = refresh === 'live' ? html` <a href="/cluster?refresh=paused">Pause</a>` : undefined
  return html`Refreshed every ${REFRESH_SECONDS} seconds.${pause}`
}

function memberTable(members: readonly ClusterMember[], self: string): Html {
  return html`<table>
    <caption>
      Members
    </caption>
    <thead>
      <tr>
        <th scope="col">Member</th>
        <th scope="col">State</th>
      </tr>
    </thead>
    <tbody>
      ${members.map((member) => memberRow(member, member.id === self))}
    </tbody>
  </table>`
}

function memberRow({ id, name, state, url }: ClusterMember, isSelf: boolean): Html {
  return html`<tr>
    <th scope="row">
      <span class="member-name"><bdi>${name}</bdi> ${isSelf ? SELF : undefined}</span>
      ${addressLink(url)}
      <code class="small" title="${id}">${shortened(id)}</code>
    </th>
    <td><span class="state ${state}">${grape(state)}${state}</span></td>
  </tr>`
}

const SELF = html`<span class="self">this instance</span>`

/** A member names its own URL, so anything but the web (`javascript:`, say) is no link. */
function addressLink(url: string | undefined): Html | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  return html`<a class="small" href="${url}" rel="noreferrer">${host}</a>`
}

function contestedNames(names: readonly string[]): string | Html {
  if (names.length === 0) return 'None'
  const more = names.length - MOST_NAMES
  return html`<ul class="names">
    ${names.slice(0, MOST_NAMES).map((name) => html`<li><bdi>${name}</bdi></li>`)}
    ${more > 0 ? html`<li>and ${more} more</li>` : undefined}
  </ul>`
}

/** Both ends of a long identifier: ids of one kind often start alike. */
function shortened(text: string): string {
  return text.length <= 16 ? text : `${text.slice(0, 8)}…${text.slice(-6)}`
}
