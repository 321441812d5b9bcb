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
  type NamedField,
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
  /** What was removed just now, to be had back. */
  readonly removed?: Removed | undefined
}

export interface Removed {
  readonly id: string
  readonly label: string
}

export interface Draft {
  readonly label: string
  readonly amount: string
  readonly direction: Direction
  readonly error: string
  /** What has to be typed anew; none if the form only came too late. */
  readonly wrongField?: 'label' | 'amount' | undefined
}

const noticeId = 'entry-error'

/** One's own entries: POST `/budget` adds with `label`, `amount`, `direction`; POST `/budget/remove` with `entry`. */
export const budgetPage = (frame: PageFrame, model: BudgetModel): string => {
  const body = html`<div class="head">
      <h1>Budget</h1>
      <p class="lede">Kept on every ${clusterName(frame)}, like your account. Nobody else sees it.</p>
    </div>
    ${model.removed === undefined ? undefined : undoForm(frame, model.removed)}
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

const clusterName = ({ seesCluster }: PageFrame): Html =>
  seesCluster === true ? html`<a href="/cluster">member of the cluster</a>` : html`member of the cluster`

const undoForm = (frame: PageFrame, { id, label }: Removed): Html =>
  html`<form method="post" action="/budget/undo" class="notice undo">
    ${csrfField(frame)}
    <input type="hidden" name="entry" value="${id}" />
    <span role="status">Removed <bdi>${label}</bdi>.</span>
    <button class="plain" type="submit">Undo<span class="unseen"> the removal of ${label}</span></button>
  </form>`

const nothingYet = html`<h2>Entries</h2>
  <p>There are none yet. The first could be what you had to begin with.</p>`

const entryForm = (frame: PageFrame, draft: Draft | undefined): Html => {
  const about = (field: 'label' | 'amount', isFirst = false): Pick<NamedField, 'errorId' | 'focus'> => {
    const isWrong = draft?.wrongField === field
    const startsHere = isWrong || (isFirst && draft !== undefined && draft.wrongField === undefined)
    return { errorId: isWrong ? noticeId : undefined, focus: startsHere ? 'first' : undefined }
  }
  return html`${draft === undefined ? undefined : errorNotice(noticeId, draft.error)}
    <form method="post" action="/budget" class="columns">
      ${csrfField(frame)}
      ${textField({
        name: 'label',
        label: 'What for',
        value: draft?.label,
        ...about('label', true),
      })}
      ${amountField({
        name: 'amount',
        label: 'Amount, such as 12.50',
        value: draft?.amount,
        ...about('amount'),
      })}
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
  return html`<table class="entries" role="table">
      <caption>
        Entries
      </caption>
      <thead>
        <tr role="row">
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
  return html`<tr role="row">
    <th scope="row" role="rowheader"><bdi>${label}</bdi> <span class="small">${day(addedAt)}</span></th>
    <td class="amount" role="cell">
      <span class="${kind}">${amount}</span> <span class="balance">${balance}</span>
    </td>
    <td role="cell">
      <form method="post" action="/budget/remove">
        ${csrfField(frame)}
        <input type="hidden" name="entry" value="${id}" />
        <button class="plain" type="submit">Remove<span class="unseen"> ${label}</span></button>
      </form>
    </td>
  </tr>`
}
