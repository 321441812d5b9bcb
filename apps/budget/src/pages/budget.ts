import {
  amountField,
  choiceField,
  csrfField,
  day,
  errorNotice,
  html,
  layout,
  textField,
  type Html,
  type PageFrame,
} from '@grapevine/koa/pages'

/** A line of the budget, in words. */
export interface BudgetLine {
  readonly id: string
  readonly label: string
  readonly addedAt: Date
  /** With its sign, such as `−12.50`. */
  readonly amount: string
  readonly kind: Direction
  /** What there was after it. */
  readonly balance: string
}

export type Direction = 'spent' | 'received'

export interface BudgetModel {
  /** Newest first. */
  readonly lines: readonly BudgetLine[]
  readonly total: string
  /** How many older ones are not among the lines. */
  readonly older: number
  /** What was typed last time, to be corrected instead of typed again, and why it was not added. */
  readonly draft?: Draft | undefined
}

export interface Draft {
  readonly label: string
  readonly amount: string
  readonly direction: Direction
  readonly error: string
}

const noticeId = 'entry-error'

/** One's own entries: POST `/budget` adds with `label`, `amount`, `direction`; POST `/budget/remove` with `entry`. */
export const budgetPage = (frame: PageFrame, model: BudgetModel): string => {
  const body = html`<div class="head">
      <h1>Budget</h1>
      <p class="lede">
        Kept on every <a href="/cluster">member of the cluster</a>, like your account. Nobody else sees it.
      </p>
    </div>
    <section class="card" aria-label="Total">
      <p class="muted">You have</p>
      <p class="total">${model.total}</p>
    </section>
    <section class="card">
      <h2>Add an entry</h2>
      ${entryForm(frame, model.draft)}
    </section>
    <section class="card">${model.lines.length === 0 ? nothingYet : entryTable(frame, model)}</section>`
  const title = model.draft === undefined ? 'Budget' : 'Error: Budget'
  return layout(frame, { title, path: '/budget', body })
}

const nothingYet = html`<h2>Entries</h2>
  <p>There are none yet. The first could be what you had to begin with.</p>`

const entryForm = (frame: PageFrame, draft: Draft | undefined): Html => {
  const errorId = draft === undefined ? undefined : noticeId
  return html`${draft === undefined ? undefined : errorNotice(noticeId, draft.error)}
    <form method="post" action="/budget" class="columns">
      ${csrfField(frame)}
      ${textField({
        name: 'label',
        label: 'What for',
        value: draft?.label,
        errorId,
        focus: draft === undefined ? undefined : 'first',
      })}
      ${amountField({ name: 'amount', label: 'Amount, such as 12.50', value: draft?.amount, errorId })}
      ${choiceField({
        name: 'direction',
        legend: 'Was it',
        options: [
          { value: 'spent', label: 'Spent' },
          { value: 'received', label: 'Received' },
        ],
        chosen: draft?.direction ?? 'spent',
      })}
      <button type="submit">Add</button>
    </form>`
}

const entryTable = (frame: PageFrame, { lines, older }: BudgetModel): Html => {
  return html`<table class="entries">
      <caption>
        Entries
      </caption>
      <thead>
        <tr>
          <th scope="col">What for</th>
          <th scope="col">Amount, and after it</th>
          <th scope="col"><span class="unseen">Remove</span></th>
        </tr>
      </thead>
      <tbody>
        ${lines.map((line) => entryRow(frame, line))}
      </tbody>
    </table>
    ${older === 0 ? undefined : html`<p class="aside"><a href="/budget?show=all">Show ${older} more</a></p>`}`
}

const entryRow = (frame: PageFrame, { id, label, addedAt, amount, kind, balance }: BudgetLine): Html => {
  return html`<tr>
    <th scope="row"><bdi>${label}</bdi> <span class="small">${day(addedAt)}</span></th>
    <td class="amount"><span class="${kind}">${amount}</span> <span class="balance">${balance}</span></td>
    <td>
      <form method="post" action="/budget/remove">
        ${csrfField(frame)}
        <input type="hidden" name="entry" value="${id}" />
        <button class="plain" type="submit">Remove<span class="unseen"> ${label}</span></button>
      </form>
    </td>
  </tr>`
}
