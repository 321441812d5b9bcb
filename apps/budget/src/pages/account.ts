import { facts, moment } from './facts.ts'
import { html, type Html } from './html.ts'
import { type Chrome, layout } from './layout.ts'

/** How the account stands to its name: alone with it, first of several, or after another. */
export type Claim = 'sole' | 'owner' | 'loser'

export interface AccountModel {
  readonly id: string
  readonly username: string
  readonly registeredAt: Date
  readonly claim: Claim
}

/** The facts of one account, and whether another account claims its name. */
export function accountPage(chrome: Chrome, account: AccountModel): string {
  const body = html`<h1>Account</h1>
    ${CONTESTS[account.claim](account.username)}
    <section class="card">
      ${facts([
        ['Username', html`<bdi>${account.username}</bdi>`],
        ['Registered', moment(account.registeredAt)],
        ['Claim to the name', CLAIMS[account.claim]],
        ['Account id', html`<code>${account.id}</code>`],
      ])}
    </section>`
  return layout(chrome, { title: 'Account', path: '/account', body })
}

const CLAIMS: Readonly<Record<Claim, string>> = {
  sole: 'Yours alone',
  owner: 'Yours; another account claims it too',
  loser: 'Another account registered it first',
}

/** What to say about a name that several accounts registered while the network was split. */
const CONTESTS: Readonly<Record<Claim, (username: string) => Html | undefined>> = {
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
      are kept, separate from each other. In a later version you can pick a new name here.
    </div>`,
}
