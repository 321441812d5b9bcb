import { facts, moment } from '../markup/definition-list.ts'
import { html, type Html } from '@grapevine/std'
import { type PageFrame, devicesPath, layout, twinPath } from '../markup/layout.ts'
import { statusNotice } from '../markup/notice.ts'

/** How the account stands to its name: alone with it, first of several, or after another. */
export type Claim = 'sole' | 'owner' | 'loser'

export interface AccountModel {
  readonly id: string
  readonly username: string
  readonly registeredAt: Date
  readonly claim: Claim
  /** Its owner has another account of this name, which the same password opens. Not if left out. */
  readonly hasTwin?: boolean | undefined
  /** What just went well. */
  readonly notice?: string | undefined
}

/** The facts of one account, and what its owner may do with it. */
export const accountPage = (frame: PageFrame, account: AccountModel): string => {
  const body = html`<h1>Account</h1>
    ${account.notice === undefined ? undefined : statusNotice(account.notice)}
    ${account.hasTwin === true ? twinNotice(account.username) : contests[account.claim](account.username)}
    <section class="card">
      ${facts([
        ['Username', html`<bdi>${account.username}</bdi>`],
        ['Registered', moment(account.registeredAt)],
        ['Claim to the name', claimWords[account.claim]],
        ['Account id', html`<code>${account.id}</code>`],
      ])}
    </section>
    <section class="card">
      <h2>What you can do</h2>
      <ul class="actions">
        ${actions.map(
          ([href, link, words]) =>
            html`<li><a href="${href}">${link}</a> <span class="small">${words}</span></li>`,
        )}
      </ul>
    </section>`
  return layout(frame, { title: 'Account', path: '/account', body })
}

const twinNotice = (username: string): Html =>
  html`<div class="notice warning" role="note">
    <strong>You have two accounts</strong>
    You signed up as <bdi>${username}</bdi> on both sides of a network split. Your password opens this one.
    <a href="${twinPath}">Move what the other one holds into this one, or erase it</a>.
  </div>`

const actions = [
  ['/account/name', 'Change your name', 'You log in with the new one from then on.'],
  ['/account/password', 'Change your password', 'It logs you out everywhere else.'],
  [devicesPath, 'My devices', 'Where you are logged in, and what happened to the account lately.'],
  ['/account/sessions', 'End other sessions', 'For a lost phone, or a computer left logged in.'],
  [
    '/account/erase',
    'Erase your account',
    'With all that is yours, on every member of the cluster, for good.',
  ],
] as const

const claimWords: Readonly<Record<Claim, string>> = {
  sole: 'Yours alone',
  owner: 'Yours; another account claims it too',
  loser: 'Another account registered it first',
}

/** What to say about a name that several accounts registered while the network was split. */
const contests: Readonly<Record<Claim, (username: string) => Html | undefined>> = {
  sole: () => undefined,
  owner: (username) =>
    html`<div class="notice" role="note">
      <strong>The name is yours</strong>
      Another account registered <bdi>${username}</bdi> after you did, during a network split. Both accounts
      are kept, separate from each other. You need not do anything.
    </div>`,
  loser: (username) =>
    html`<div class="notice warning" role="alert">
      <strong>Another account has this name</strong>
      It registered <bdi>${username}</bdi> first, during a network split, so the name is theirs. Both accounts
      are kept, separate from each other. <a href="/account/name">Pick a new name</a>; until then it is your
      password that tells the two of you apart.
    </div>`,
}
