import { facts, moment } from './facts.ts'
import { html } from './html.ts'
import { type Chrome, layout } from './layout.ts'

export interface BudgetModel {
  readonly username: string
  readonly registeredAt: Date
}

/** What a logged-in user sees first. Says only what is true: there are no entries in this version. */
export function budgetPage(chrome: Chrome, { username, registeredAt }: BudgetModel): string {
  const body = html`<div class="head">
      <h1>Welcome, <bdi>${username}</bdi></h1>
      <p class="lede">
        Your account is not tied to this instance. Every <a href="/cluster">member of the cluster</a> holds
        it, so you can log in on any of them.
      </p>
    </div>
    <section class="card">
      ${facts([
        ['Logged in as', html`<bdi>${username}</bdi>`],
        ['Account since', moment(registeredAt)],
        ['On instance', html`<bdi>${chrome.node}</bdi>`],
      ])}
    </section>
    <section class="card">
      <h2>Entries</h2>
      <p>There are none yet: this version keeps accounts only. Entries with amounts come in a later one.</p>
    </section>`
  return layout(chrome, { title: 'Budget', path: '/budget', body })
}
